import type { Client } from '@bookend/sdk/client'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiProvider } from '../api/api.tsx'
import type { Source } from '../live/change-stream.ts'
import type { createAppRouter } from './router.tsx'
import { SessionGate } from './session-gate.tsx'

interface AppProps {
  client: Client
  queryClient: QueryClient
  router: ReturnType<typeof createAppRouter>
  openStream?: () => Source
}

export function App({ client, queryClient, router, openStream }: AppProps) {
  return (
    <ApiProvider value={client}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider
          router={router}
          InnerWrap={({ children }) => (
            <SessionGate openStream={openStream}>{children}</SessionGate>
          )}
        />
      </QueryClientProvider>
    </ApiProvider>
  )
}
