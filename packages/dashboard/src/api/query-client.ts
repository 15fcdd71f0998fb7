import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query'
import { isStatus } from './failure.ts'

export const sessionKey = ['session'] as const

/** A session that ended shows the sign-in at once, whichever request found out. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (isStatus(error, 401)) client.setQueryData(sessionKey, null)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 1 && !isRefusal(error),
        retryDelay: 500,
      },
    },
  })
  return client
}

/** Asking again would bring the same answer. */
const isRefusal = (error: Error): boolean =>
  [400, 401, 403, 404, 409, 422].some((status) => isStatus(error, status))
