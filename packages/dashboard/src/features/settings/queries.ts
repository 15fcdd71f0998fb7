import type {
  ApiKey,
  AuditSeals,
  Person,
  RouteAnswer,
  RouteInput,
  Settings,
} from '@bookend/contract'
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import type { SettingsSearch } from './search.ts'

const PAGE_ROWS = 50

export function useKeys(): UseQueryResult<readonly ApiKey[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['keys'],
    queryFn: async ({ signal }) => (await api.call('listKeys', {}, { signal })).keys,
  })
}

/** The key is in the answer alone, and kept nowhere behind it. */
export function useCreateKey() {
  const api = useApi()
  return useChange(['keys'], (body: RouteInput<'createKey'>['body']) =>
    api.call('createKey', { body }),
  )
}

export function useDeleteKey() {
  const api = useApi()
  return useChange(['keys'], (id: string) => api.call('deleteKey', { params: { id } }))
}

export function usePeople(): UseQueryResult<readonly Person[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['people'],
    queryFn: async ({ signal }) => (await api.call('listPeople', {}, { signal })).people,
  })
}

export function useCreatePerson() {
  const api = useApi()
  return useChange(['people'], (body: RouteInput<'createPerson'>['body']) =>
    api.call('createPerson', { body }),
  )
}

export function useUpdatePerson(id: string) {
  const api = useApi()
  return useChange(['people'], (body: RouteInput<'updatePerson'>['body']) =>
    api.call('updatePerson', { params: { id }, body }),
  )
}

export function useRenewPersonKey(id: string) {
  const api = useApi()
  return useChange(['people'], () => api.call('renewPersonKey', { params: { id } }))
}

export function useDeletePerson(id: string) {
  const api = useApi()
  return useChange(['people'], () => api.call('deletePerson', { params: { id } }))
}

export function useSettings(): UseQueryResult<Settings> {
  const api = useApi()
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => api.call('getSettings', {}, { signal }),
  })
}

export function useUpdateSettings() {
  const api = useApi()
  return useChange(['settings'], (body: RouteInput<'updateSettings'>['body']) =>
    api.call('updateSettings', { body }),
  )
}

export function usePreviewRetention() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: RouteInput<'previewRetention'>['body']) =>
      api.call('previewRetention', { body }),
  })
}

export function useAudit({
  action,
  target,
  key,
  since,
}: SettingsSearch): UseInfiniteQueryResult<InfiniteData<RouteAnswer<'listAudit'>>> {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: ['audit', { action, target, key, since }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'listAudit',
        {
          query: {
            limit: PAGE_ROWS,
            cursor: pageParam,
            action,
            target,
            key_id: key,
            since: since === undefined ? undefined : new Date(since).toISOString(),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  })
}

export function useSeals(): UseQueryResult<AuditSeals> {
  const api = useApi()
  return useQuery({
    queryKey: ['seals'],
    // A million entries are read for it, so it is asked for by a button.
    enabled: false,
    queryFn: ({ signal }) => api.call('checkAudit', {}, { signal }),
  })
}

function useChange<Given, Answer>(
  queryKey: readonly string[],
  change: (given: Given) => Promise<Answer>,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey }),
  })
}
