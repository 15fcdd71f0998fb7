import type { DryRunCreate, Run } from '@bookend/contract'
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import type { Attempt } from './attempt.ts'

/** Idle without an id. */
export function useRun(id: string | undefined): UseQueryResult<Run> {
  const api = useApi()
  return useQuery({
    queryKey: ['runs', 'one', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => api.call('getRun', { params: { id: id ?? '' } }, { signal }),
  })
}

/** Asks what the run would have answered; nothing is stored or written. */
export function useReplay(run: Run) {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ attempt, live }: { attempt: Attempt; live: boolean }) => {
      const tried = attempt.kind === 'active' ? {} : await readText(api, run.workflow, attempt)
      const input = {
        params: { name: run.workflow },
        body: { run_id: run.id, live, ...tried },
      }
      const { version, calls } = await api.call('backtestWorkflow', input)
      return { version, live, call: calls[0] ?? null }
    },
  })
}

interface DryRunOrder {
  attempt: Attempt
  answers: DryRunCreate['answers']
  expireWaits: boolean
}

export function useDryRun(run: Run) {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ attempt, answers, expireWaits }: DryRunOrder) => {
      const tried = attempt.kind === 'active' ? {} : await readText(api, run.workflow, attempt)
      const body = {
        ...(run.call_id === null ? { event: { payload: {} } } : { call_id: run.call_id }),
        answers,
        expire_waits: expireWaits,
        ...tried,
      }
      return await api.call('dryRunWorkflow', { params: { name: run.workflow }, body })
    },
  })
}

/** A version is tried by its text, so that what is tried is what is shown. */
async function readText(
  api: ReturnType<typeof useApi>,
  name: string,
  attempt: Exclude<Attempt, { kind: 'active' }>,
): Promise<{ source: string }> {
  if (attempt.kind === 'text') return { source: attempt.source }
  const { version } = attempt
  const stored = await api.call('getWorkflowVersion', { params: { name, version } })
  return { source: stored.source ?? '' }
}
