import type { Session } from '@bookend/contract'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from '../../api/api.tsx'
import { isStatus } from '../../api/failure.ts'
import { sessionKey } from '../../api/query-client.ts'

/** Null when nobody is signed in. */
export function useSession(): UseQueryResult<Session | null> {
  const api = useApi()
  return useQuery({
    queryKey: sessionKey,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      try {
        return await api.call('getSession', {}, { signal })
      } catch (error) {
        if (isStatus(error, 401)) return null
        throw error
      }
    },
  })
}

export function useSignIn() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (key: string) => api.call('createSession', { body: { key } }),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  })
}

export function useSignOut() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.call('deleteSession', {}),
    // What was read under the old key must not be shown under the next one.
    onSuccess: () => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
      client.setQueryData(sessionKey, null)
    },
  })
}
