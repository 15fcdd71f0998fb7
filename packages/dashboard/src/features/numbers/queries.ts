import type { PhoneNumber } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

const key = ['numbers'] as const
const LIST_ROWS = 200

export function useNumbers(): UseQueryResult<readonly PhoneNumber[]> {
  const api = useApi()
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      (await api.call('listNumbers', { query: { limit: LIST_ROWS } }, { signal })).numbers,
  })
}

export function useAddNumber() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { number: string; label: string }) => api.call('createNumber', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}

interface AssignAgent {
  id: string
  agentId: string | null
}

export function useAssignAgent() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, agentId }: AssignAgent) =>
      api.call('assignAgent', { params: { id }, body: { agent_uuid: agentId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
