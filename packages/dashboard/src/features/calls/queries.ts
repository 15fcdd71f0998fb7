import type { AnalysisState, Call, CallList, Trace } from '@bookend/contract'
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
import { useLive } from '../../live/live.tsx'
import type { CallsSearch } from './search.ts'

const PAGE_ROWS = 50

export function useCalls({
  status,
  from,
}: CallsSearch): UseInfiniteQueryResult<InfiniteData<CallList>> {
  const api = useApi()
  const { pollMs } = useLive()
  return useInfiniteQuery({
    queryKey: ['calls', { status, from }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'listCalls',
        { query: { limit: PAGE_ROWS, cursor: pageParam, status, from_number: from } },
        { signal },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: pollMs,
  })
}

export function useCall(id: string): UseQueryResult<Call> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => api.call('getCall', { params: { id } }, { signal }),
    refetchInterval: pollMs,
  })
}

export function useCallTrace(id: string): UseQueryResult<Trace> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['trace', id],
    queryFn: ({ signal }) => api.call('getCallTrace', { params: { id } }, { signal }),
    refetchInterval: pollMs,
  })
}

const ANALYZING_EVERY_MS = 2_000

/** How far its analyzers are; asked often while one is at work, and not before the call is over. */
export function useAnalyses({
  uuid,
  ended_at,
  analyzers,
}: Call): UseQueryResult<readonly AnalysisState[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['trace', uuid, 'analyses'],
    enabled: ended_at !== null && analyzers.length > 0,
    queryFn: async ({ signal }) =>
      (await api.call('listAnalyses', { params: { id: uuid } }, { signal })).analyses,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'queued' || status === 'waiting') === true
        ? ANALYZING_EVERY_MS
        : false,
  })
}

export function useAnalyze(id: string) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('analyzeCall', { params: { id }, body: {} }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['trace', id] })
      await client.invalidateQueries({ queryKey: ['call', id] })
    },
  })
}
