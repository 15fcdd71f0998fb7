import type { Workflow } from '@bookend/contract'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

export function useWorkflows(): UseQueryResult<readonly Workflow[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['workflows'],
    queryFn: async ({ signal }) => (await api.call('listWorkflows', {}, { signal })).workflows,
  })
}
