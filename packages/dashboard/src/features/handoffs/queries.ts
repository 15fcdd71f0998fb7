import type { Handoff, HandoffStatus, JsonObject } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'

const LIST_ROWS = 100

export function useHandoffs(status: HandoffStatus): UseQueryResult<readonly Handoff[]> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['handoffs', { status }],
    refetchInterval: pollMs,
    queryFn: async ({ signal }) => {
      const query = { limit: LIST_ROWS, status, snoozed: 'true' as const }
      return (await api.call('listHandoffs', { query }, { signal })).handoffs
    },
  })
}

export function useHandoff(id: string): UseQueryResult<Handoff> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['handoff', id],
    refetchInterval: pollMs,
    queryFn: ({ signal }) => api.call('getHandoff', { params: { id } }, { signal }),
  })
}

/** What somebody does to the handoff; afterwards it and its lists are read anew, also if it failed. */
function useChange<Given>(id: string, change: (given: Given) => Promise<Handoff>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['handoff', id] })
      await client.invalidateQueries({ queryKey: ['handoffs'] })
    },
  })
}

export function useAnswerHandoff(id: string) {
  const api = useApi()
  return useChange(id, (answer: JsonObject) =>
    api.call('answerHandoff', { params: { id }, body: { answer } }),
  )
}

export function useClaimHandoff(id: string) {
  const api = useApi()
  return useChange(id, () => api.call('claimHandoff', { params: { id }, body: {} }))
}

export function useReassignHandoff(id: string) {
  const api = useApi()
  return useChange(id, (assign: string | null) =>
    api.call('reassignHandoff', { params: { id }, body: { assign } }),
  )
}

export function useSnoozeHandoff(id: string) {
  const api = useApi()
  return useChange(id, (until: string | null) =>
    api.call('snoozeHandoff', { params: { id }, body: { until } }),
  )
}
