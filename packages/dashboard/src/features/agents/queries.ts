import type { Agent, AgentUpdate, RouteInput } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'

const LIST_ROWS = 200

export function useAgents(): UseQueryResult<readonly Agent[]> {
  const api = useApi()
  return useQuery({
    queryKey: ['agents'],
    queryFn: async ({ signal }) => {
      const agents: Agent[] = []
      let cursor: string | undefined
      do {
        const page = await api.call(
          'listAgents',
          { query: { limit: LIST_ROWS, cursor } },
          { signal },
        )
        agents.push(...page.agents)
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      return agents
    },
  })
}

/** Idle for a call that no agent took. */
export function useAgent(id: string | null): UseQueryResult<Agent> {
  const api = useApi()
  return useQuery({
    queryKey: ['agent', id],
    enabled: id !== null,
    queryFn: ({ signal }) => api.call('getAgent', { params: { id: id ?? '' } }, { signal }),
  })
}

export function useCreateAgent() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: RouteInput<'createAgent'>['body']) => api.call('createAgent', { body }),
    onSuccess: (agent) => {
      client.setQueryData(['agent', agent.id], agent)
      return client.invalidateQueries({ queryKey: ['agents'] })
    },
  })
}

interface SaveAgent {
  id: string
  /** The version that was edited; a newer one on the server refuses the save. */
  version: number
  body: AgentUpdate
}

export function useSaveAgent() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, version, body }: SaveAgent) =>
      api.call(
        'updateAgent',
        { params: { id }, body },
        { headers: { 'if-match': `"${version}"` } },
      ),
    onSuccess: (agent) => {
      client.setQueryData(['agent', agent.id], agent)
      return client.invalidateQueries({ queryKey: ['agents'] })
    },
  })
}

export function useDeleteAgent() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.call('deleteAgent', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agents'] }),
  })
}
