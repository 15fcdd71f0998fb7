import type {
  Call,
  RouteInput,
  Run,
  RunListItem,
  Workflow,
  WorkflowVersion,
} from '@bookend/contract'
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { useLive } from '../../live/live.tsx'

const RUN_ROWS = 50

export function useWorkflows(): UseQueryResult<readonly Workflow[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['workflows'],
    queryFn: async ({ signal }) => (await api.call('listWorkflows', {}, { signal })).workflows,
  })
}

/** @param isThere False while it is known that there is none of that name. */
export function useWorkflow(name: string, isThere = true): UseQueryResult<Workflow> {
  const api = useApi()
  return useQuery({
    queryKey: ['workflow', name],
    enabled: isThere,
    queryFn: ({ signal }) => api.call('getWorkflow', { params: { name } }, { signal }),
  })
}

/** The newest first. */
export function useVersions(name: string): UseQueryResult<readonly WorkflowVersion[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['versions', name],
    queryFn: async ({ signal }) =>
      (await api.call('listWorkflowVersions', { params: { name } }, { signal })).versions,
  })
}

export function useVersion(name: string, version: string): UseQueryResult<WorkflowVersion> {
  const api = useApi()
  return useQuery({
    queryKey: ['version', name, version],
    // The version is a hash of the text.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      api.call('getWorkflowVersion', { params: { name, version } }, { signal }),
  })
}

/** The newest runs of a workflow. */
export function useRuns(workflow: string): UseQueryResult<readonly RunListItem[]> {
  const api = useApi()
  const { pollMs } = useLive()
  return useQuery({
    queryKey: ['runs', workflow],
    refetchInterval: pollMs,
    queryFn: async ({ signal }) =>
      (await api.call('listRuns', { query: { workflow, limit: RUN_ROWS } }, { signal })).runs,
  })
}

/** One run with its steps; idle without an id. */
export function useRun(id: string | undefined): UseQueryResult<Run> {
  const api = useApi()
  return useQuery({
    queryKey: ['run', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => api.call('getRun', { params: { id: id ?? '' } }, { signal }),
  })
}

/** The call of a run; idle for a run of none. */
export function useCallOf(id: string | null): UseQueryResult<Call> {
  const api = useApi()
  return useQuery({
    queryKey: ['call', id],
    enabled: id !== null,
    queryFn: ({ signal }) => api.call('getCall', { params: { id: id ?? '' } }, { signal }),
  })
}

export function useSimulation(name: string) {
  const api = useApi()
  return useMutation({
    mutationFn: (body: RouteInput<'simulateWorkflow'>['body']) =>
      api.call('simulateWorkflow', { params: { name }, body }),
  })
}
