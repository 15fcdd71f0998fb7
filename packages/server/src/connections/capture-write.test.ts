import { http, hubspot, postgres, smtp } from '@bookend/connectors'
import type { HttpRequest, HttpResult } from '@bookend/core'
import { fakeClock } from '@bookend/core/testing'
import { expect, test } from 'vitest'
import type { CallingStep } from './calling-step.ts'
import type { CapturedWrite } from './capture-write.ts'
import type { AnyConnector } from './configured.ts'
import { openConnections } from './runtime.ts'

type Handle = Record<string, Record<string, (input: unknown) => Promise<unknown>>>
const TOKEN = 'canary-secret-0001'

function connect(connector: AnyConnector, settings: object, auth: unknown) {
  const clock = fakeClock()
  const sent: HttpRequest[] = []
  const none = { queuedMs: 0, dnsMs: 0, connectMs: 0, tlsMs: 0, sendMs: 0, waitMs: 0 }
  const send = (request: HttpRequest): Promise<HttpResult> => {
    sent.push(request)
    return Promise.resolve({
      kind: 'answered',
      status: 200,
      headers: {},
      body: Buffer.from('{"results":[]}'),
      sent: true,
      phases: { ...none, receiveMs: 0, totalMs: 0 },
      reusedConnection: false,
    })
  }
  const configured = [
    {
      name: `${connector.id}/main`,
      connector,
      settings: connector.settings.parse(settings),
      auth: connector.auth.parse(auth),
    },
  ]
  const log = { info: () => undefined, warn: () => undefined }
  const runtime = openConnections({ configured, outgoing: { send }, clock, log })
  const shown: CapturedWrite[] = []
  const told: unknown[] = []
  const step: CallingStep = {
    name: 'dry',
    signal: new AbortController().signal,
    remainingMs: () => 5_000,
    note: () => undefined,
    capture: (write) => void shown.push(write),
    beforeWrite: (write) => Promise.resolve(void told.push(write)),
  }
  const { own } = runtime.handlesFor({ own: `${connector.id}/main` }, 'all') as { own: Handle }
  const call = (noun: string, verb: string, input: unknown): Promise<unknown> =>
    runtime.enter(step, () => own[noun]?.[verb]?.(input) ?? Promise.reject(new Error(verb)))
  return { call, sent, shown, told }
}

test.each([
  [
    http,
    { base_url: 'https://desk.example.com' },
    { kind: 'bearer', token: TOKEN },
    ['request', 'send', { path: ['calls'], body: { a: 1 } }],
    { method: 'POST', url: 'https://desk.example.com/calls', body: '{"a":1}' },
  ],
  [
    smtp,
    { host: 'smtp.example.com', from: 'a@example.com' },
    { user: 'u', password: TOKEN },
    ['email', 'send', { to: ['b@example.com'], subject: 'Hi', text: 'Hello' }],
    { subject: 'Hi', text: 'Hello' },
  ],
  [
    postgres,
    { url: 'postgres://u@db.example.com/d' },
    { password: TOKEN },
    ['row', 'upsert', { table: 'calls', key: ['id'], row: { id: 1 } }],
    { text: expect.stringContaining('insert into "calls"'), values: expect.anything() },
  ],
  [
    hubspot,
    {},
    { token: TOKEN },
    ['note', 'create', { body: 'Hello', contact_id: '7' }],
    { method: 'POST', url: 'https://api.hubapi.com/crm/v3/objects/notes' },
  ],
] as const)(
  'a dry run of $id is shown the write, which is sent nowhere (K13, C9)',
  async (connector, settings, auth, [noun, verb, input], request) => {
    const { call, sent, shown, told } = connect(connector, settings, auth)
    await call(noun, verb, input)
    expect(shown).toMatchObject([{ connection: `${connector.id}/main`, request }])
    expect(JSON.stringify(shown)).not.toContain(TOKEN)
    // What it read before, it read for real; nothing was told of as a write.
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([])
    expect(told).toEqual([])
  },
)
