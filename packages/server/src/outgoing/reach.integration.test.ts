// Mail and databases through the runtime of connections, as a workflow uses them: an account that was
// entered through the API reaches nothing inside, one of bookend.config.ts does (threats A1–A6).

import { connectors } from '@bookend/connectors'
import { ConnectorFault } from '@bookend/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyConnector, ConfiguredConnection } from '../connections/configured.ts'
import { openConnections } from '../connections/runtime.ts'
import { systemClock as clock } from '../system-clock.ts'
import { scriptedLookup, testClient } from './testing/client.ts'
import { serveRaw, type RawServer } from './testing/servers.ts'

const log = { info: () => undefined, warn: () => undefined }
const from = 'desk@example.com'

let server: RawServer
beforeAll(async () => {
  // Greets as a mail server does, and hangs up on whoever speaks.
  server = await serveRaw((socket) => socket.end('421 not today\r\n'))
  server.onConnection((socket) => void socket.write('220 relay\r\n'))
})
afterAll(() => server[Symbol.asyncDispose]())

const settingsOf = {
  smtp: (host: string) => ({ host, port: server.port, security: 'starttls', from }),
  postgres: (host: string) => ({
    url: `postgres://bookend@${host}:${server.port}/x?sslmode=disable`,
  }),
} as const

interface Way {
  readonly id: keyof typeof settingsOf
  readonly host: string
  /** Entered through the API. */
  readonly isStored: boolean
  readonly allowPrivateTargets: boolean
}

interface Handles {
  readonly email: { send(input: object): Promise<unknown> }
  readonly row: { query(input: object): Promise<unknown> }
}

async function use({ id, host, isStored, allowPrivateTargets }: Way): Promise<unknown> {
  const connector: AnyConnector = connectors[id]
  const account: ConfiguredConnection = {
    name: `${id}/main`,
    connector,
    settings: connector.settings.parse(settingsOf[id](host)),
    auth: connector.auth.parse(id === 'postgres' ? { password: 'x' } : null),
    ...(isStored ? { revision: '1:1' } : {}),
  }
  const names = {
    'inside.example': [['127.0.0.1']],
    'mixed.example': [['93.184.216.34', '10.0.0.5']],
  }
  await using outgoing = testClient({ allowPrivateTargets, ...scriptedLookup(names) })
  const runtime = openConnections({ configured: [account], outgoing, clock, log })
  const handles = runtime.handlesFor({ main: account.name }, 'all') as { main: Handles }
  const step = {
    signal: new AbortController().signal,
    remainingMs: () => 3_000,
    note: () => undefined,
  }
  const call = (): Promise<unknown> =>
    id === 'smtp'
      ? handles.main.email.send({ to: ['a@example.com'], subject: 'x', text: 'x' })
      : handles.main.row.query({ sql: 'select 1', values: [] })
  try {
    return await runtime.enter(step as never, call)
  } catch (error) {
    return error instanceof ConnectorFault ? error.verdict.detail : error
  } finally {
    await runtime.close()
  }
}

describe.each(['smtp', 'postgres'] as const)('a connection of %s', (id) => {
  test.each(['127.0.0.1', 'inside.example', 'mixed.example', '169.254.169.254'])(
    'entered through the API opens no socket inside: %s (A1, A4, A6)',
    async (host) => {
      const before = server.connections
      const way = { id, host, isStored: true, allowPrivateTargets: false }
      expect(await use(way)).toBe('blocked')
      expect(server.connections).toBe(before)
    },
  )

  test('entered through the API may where private targets are allowed, but for metadata (A1)', async () => {
    const way = { id, isStored: true, allowPrivateTargets: true }
    const before = server.connections
    expect(await use({ ...way, host: 'inside.example' })).not.toBe('blocked')
    expect(server.connections).toBeGreaterThan(before)
    expect(await use({ ...way, host: '169.254.169.254' })).toBe('blocked')
  })

  test('of bookend.config.ts may be on the own network', async () => {
    const before = server.connections
    const way = { id, host: '127.0.0.1', isStored: false, allowPrivateTargets: false }
    expect(await use(way)).not.toBe('blocked')
    expect(server.connections).toBeGreaterThan(before)
  })
})
