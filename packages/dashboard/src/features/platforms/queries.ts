import type {
  Platform,
  PlatformChecked,
  PlatformSetUp,
  RouteAnswer,
  RouteInput,
} from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

export type Adapter = RouteAnswer<'listPlatformAdapters'>['adapters'][number]
export type PlatformKey = Pick<Platform, 'platform' | 'name'>

/** What comes in by an address is not told by the stream. */
const DOORS_EVERY_MS = 10_000

export function useAdapters(): UseQueryResult<readonly Adapter[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['platform-adapters'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await api.call('listPlatformAdapters', {}, { signal })).adapters,
  })
}

export function usePlatforms(): UseQueryResult<readonly Platform[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['platforms'],
    refetchInterval: DOORS_EVERY_MS,
    queryFn: async ({ signal }) => (await api.call('listPlatforms', {}, { signal })).platforms,
  })
}

export function usePlatform(key: PlatformKey): UseQueryResult<Platform> {
  const api = useApi()
  return useQuery({
    queryKey: ['platform', labelOf(key)],
    refetchInterval: DOORS_EVERY_MS,
    queryFn: ({ signal }) => api.call('getPlatform', { params: paramsOf(key) }, { signal }),
  })
}

/** Asked again when the options change: they are a part of it. */
export function useSetUp({ version, ...key }: Platform): UseQueryResult<PlatformSetUp> {
  const api = useApi()
  return useQuery({
    queryKey: ['platform-set-up', labelOf(key), version],
    queryFn: ({ signal }) => api.call('getPlatformSetUp', { params: paramsOf(key) }, { signal }),
  })
}

export function useCreatePlatform() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    // A secret is not kept with the mutation once it was sent.
    gcTime: 0,
    mutationFn: (body: RouteInput<'createPlatform'>['body']) =>
      api.call('createPlatform', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['platforms'] }),
  })
}

export function useUpdatePlatform(key: PlatformKey) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: (body: RouteInput<'updatePlatform'>['body']) =>
      api.call('updatePlatform', { params: paramsOf(key), body }),
    onSuccess: (platform) => {
      client.setQueryData(['platform', labelOf(key)], platform)
      return client.invalidateQueries({ queryKey: ['platforms'] })
    },
  })
}

export function useDeletePlatform(key: PlatformKey) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('deletePlatform', { params: paramsOf(key) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['platforms'] }),
  })
}

export function usePerformSetUp(key: PlatformKey) {
  const api = useApi()
  return useMutation<PlatformSetUp, Error, RouteInput<'setUpPlatform'>['body']>({
    mutationFn: (body) => api.call('setUpPlatform', { params: paramsOf(key), body }),
  })
}

export function useCheckPlatform(key: PlatformKey) {
  const api = useApi()
  return useMutation<PlatformChecked>({
    mutationFn: () => api.call('checkPlatform', { params: paramsOf(key) }),
  })
}

export const labelOf = ({ platform, name }: PlatformKey): string => `${platform}/${name}`

export const paramsOf = ({ platform, name }: PlatformKey) => ({ platform, connection: name })
