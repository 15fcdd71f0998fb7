import type { CallListItem, Overview } from '@bookend/contract'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'

/** Counted on the server, so asked for at a steady pace rather than after every change. */
const OVERVIEW_EVERY_MS = 5_000
const LIVE_ROWS = 10

export function useOverview(): UseQueryResult<Overview> {
  const api = useApi()
  return useQuery({
    queryKey: ['overview'],
    refetchInterval: OVERVIEW_EVERY_MS,
    queryFn: ({ signal }) => api.call('getOverview', {}, { signal }),
  })
}

/** Whether there was ever a call. */
export function useHasCalls(): UseQueryResult<boolean> {
  const api = useApi()
  return useQuery({
    queryKey: ['calls', 'any'],
    queryFn: async ({ signal }) =>
      (await api.call('listCalls', { query: { limit: 1 } }, { signal })).calls.length > 0,
  })
}

/** The newest that ring or are spoken on. */
export function useLiveCalls(): UseQueryResult<readonly CallListItem[]> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['calls', 'live'],
    refetchInterval: pollMs,
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        (['ringing', 'in_progress'] as const).map((status) =>
          api.call('listCalls', { query: { limit: LIVE_ROWS, status } }, { signal }),
        ),
      )
      return lists.flatMap(({ calls }) => calls).slice(0, LIVE_ROWS)
    },
  })
}
