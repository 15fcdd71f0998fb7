import type { Pause, PauseKind } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { paramsOf } from '../connections/queries.ts'

export function usePauses(): UseQueryResult<readonly Pause[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['pauses'],
    queryFn: async ({ signal }) => (await api.call('listPauses', {}, { signal })).pauses,
  })
}

export interface PauseSubject {
  kind: PauseKind
  name: string
}

/** Null while it is not paused, and while that is not known. */
export function usePause({ kind, name }: PauseSubject): Pause | null {
  const { data: pauses = [] } = usePauses()
  return pauses.find((pause) => pause.kind === kind && pause.name === name) ?? null
}

export function useHold({ kind, name }: PauseSubject) {
  const api = useApi()
  const reread = useReread()
  return useMutation({
    mutationFn: (reason: string) => {
      const body = reason === '' ? {} : { reason }
      return kind === 'workflow'
        ? api.call('pauseWorkflow', { params: { name }, body })
        : api.call('pauseConnection', { params: paramsOf(name), body })
    },
    onSuccess: reread,
  })
}

export function useResume({ kind, name }: PauseSubject) {
  const api = useApi()
  const reread = useReread()
  return useMutation<undefined>({
    mutationFn: () =>
      kind === 'workflow'
        ? api.call('resumeWorkflow', { params: { name } })
        : api.call('resumeConnection', { params: paramsOf(name) }),
    onSuccess: reread,
  })
}

function useReread(): () => Promise<unknown> {
  const client = useQueryClient()
  return () =>
    Promise.all(
      ['pauses', 'workflow', 'workflows', 'runs'].map((noun) =>
        client.invalidateQueries({ queryKey: [noun] }),
      ),
    )
}
