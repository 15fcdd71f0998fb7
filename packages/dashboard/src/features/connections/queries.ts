import type { Connection, ConnectionChecked, Connector, RouteInput } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

/** Health is told every two seconds by the server, and not by the stream. */
const HEALTH_EVERY_MS = 10_000

export function useConnectors(): UseQueryResult<readonly Connector[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['connectors'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await api.call('listConnectors', {}, { signal })).connectors,
  })
}

export function useConnections(): UseQueryResult<readonly Connection[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['connections'],
    refetchInterval: HEALTH_EVERY_MS,
    queryFn: async ({ signal }) => (await api.call('listConnections', {}, { signal })).connections,
  })
}

export function useConnection(name: string): UseQueryResult<Connection> {
  const api = useApi()
  return useQuery({
    queryKey: ['connection', name],
    refetchInterval: HEALTH_EVERY_MS,
    queryFn: ({ signal }) => api.call('getConnection', { params: paramsOf(name) }, { signal }),
  })
}

export function useCreateConnection() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    // A credential is not kept with the mutation once it was sent.
    gcTime: 0,
    mutationFn: (body: RouteInput<'createConnection'>['body']) =>
      api.call('createConnection', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['connections'] }),
  })
}

export function useUpdateConnection(name: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (body: RouteInput<'updateConnection'>['body']) =>
      api.call('updateConnection', { params: paramsOf(name), body }),
    onSuccess: (connection) => {
      client.setQueryData(['connection', name], connection)
      return client.invalidateQueries({ queryKey: ['connections'] })
    },
  })
}

export function useDeleteConnection(name: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('deleteConnection', { params: paramsOf(name) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['connections'] }),
  })
}

/** What the check found changes the connection's status too. */
export function useCheckConnection(name: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation<ConnectionChecked>({
    mutationFn: () => api.call('checkConnection', { params: paramsOf(name) }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['connection', name] }),
        client.invalidateQueries({ queryKey: ['connections'] }),
      ]),
  })
}

export function paramsOf(name: string): { connector: string; connection: string } {
  const [connector = '', connection = ''] = name.split('/')
  return { connector, connection }
}
