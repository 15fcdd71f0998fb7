// The whole dashboard at an address, on a fake API and a fake stream.

import { createClient } from '@bookend/sdk/client'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, render } from '@testing-library/react'
import { afterEach } from 'vitest'
import { createQueryClient } from '../api/query-client.ts'
import { App } from '../app/app.tsx'
import { createAppRouter } from '../app/router.tsx'
import {
  createFakeApi,
  type FakeApi,
  type FakeHandler,
  type FakeRoute,
  type FakeState,
} from './fake-api.ts'
import { FakeSource } from './fake-source.ts'
import { makeState } from './make-state.ts'
import { createWorkspace } from './workspace.ts'

afterEach(cleanup)

export interface RenderedApp {
  api: FakeApi
  state: FakeState
  /** The newest stream that was opened. */
  source: () => FakeSource
  address: () => string
}

interface RenderAppOptions {
  state?: Partial<FakeState>
  handlers?: Partial<Record<FakeRoute, FakeHandler>>
}

export function renderApp(path: string, options: RenderAppOptions = {}): RenderedApp {
  const state = makeState(options.state)
  const api = createFakeApi({ ...createWorkspace(state), ...options.handlers })
  const sources: FakeSource[] = []
  const queryClient = createQueryClient()
  // A failed read is asked for once more in the product; here the first answer counts.
  queryClient.setDefaultOptions({ queries: { retry: false } })
  const router = createAppRouter(createMemoryHistory({ initialEntries: [path] }))
  render(
    <App
      client={createClient({ baseUrl: 'http://bookend.test', fetch: api.fetch })}
      queryClient={queryClient}
      router={router}
      openStream={() => {
        const source = new FakeSource()
        sources.push(source)
        return source
      }}
    />,
  )
  return {
    api,
    state,
    source: () => {
      const source = sources.at(-1)
      if (source === undefined) throw new Error('No stream was opened')
      return source
    },
    address: () => router.state.location.href,
  }
}
