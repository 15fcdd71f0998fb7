import type { Call, CallList, Trace } from '@bookend/contract'
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQuery,
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
