import type { Run, RunReplay, StepResolution } from '@bookend/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

/** What somebody does to a run; what shows it is read anew, also when it was refused. */
function useOperation<Given>(operate: (given: Given) => Promise<Run>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: operate,
    onSettled: async () => {
      for (const noun of ['trace', 'runs', 'calls', 'handoffs']) {
        await client.invalidateQueries({ queryKey: [noun] })
      }
    },
  })
}

export function useCancelRun(id: string) {
  const api = useApi()
  return useOperation(() => api.call('cancelRun', { params: { id } }))
}

export function useRetryRun(id: string) {
  const api = useApi()
  return useOperation(() => api.call('retryRun', { params: { id } }))
}

export function useReplayRun(id: string) {
  const api = useApi()
  return useOperation((body: RunReplay) => api.call('replayRun', { params: { id }, body }))
}

export function useResolveStep(id: string, name: string) {
  const api = useApi()
  return useOperation((it: StepResolution['it']) =>
    api.call('resolveStep', { params: { id, name }, body: { it } }),
  )
}
