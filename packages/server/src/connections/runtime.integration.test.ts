import { http } from '@bookend/connectors'
import type { StepUse } from '@bookend/core'
import { startSteps } from '@bookend/core'
import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testClient, type TestClient } from '../outgoing/testing/client.ts'
import { serveHttp, type TestServer } from '../outgoing/testing/servers.ts'
import { systemClock } from '../system-clock.ts'
import type { CallingStep } from './calling-step.ts'
import { openConnections, type ConnectionRuntime } from './runtime.ts'

type Desk = { request: Record<'get' | 'send', (input: unknown) => Promise<{ body: unknown }>> }

let server: TestServer
let client: TestClient
let runtime: ConnectionRuntime
let requests: IncomingMessage[] = []
let isHung = false

beforeEach(async () => {
  requests = []
  isHung = false
  server = await serveHttp((request, response) => {
    requests.push(request)
    if (!isHung) response.end(JSON.stringify({ path: request.url }))
  })
  client = testClient()
  runtime = openConnections({
    configured: [
      {
        name: 'http/desk',
        connector: http,
        settings: http.settings.parse({ base_url: server.url }),
        auth: { kind: 'bearer', token: 'desk-token' },
      },
    ],
    outgoing: client,
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined },
  })
})
afterEach(async () => {
  await runtime.close()
  await client[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const desk = (mode: 'reads' | 'all'): Desk =>
  runtime.handlesFor({ desk: 'http/desk' }, mode)['desk'] as Desk

function step(more: Partial<CallingStep> = {}): CallingStep & { uses: StepUse[] } {
  const uses: StepUse[] = []
  return {
    name: 'tickets',
    signal: new AbortController().signal,
    remainingMs: () => 5_000,
    note: (use) => void uses.push(use),
    uses,
    ...more,
  }
}

const keysSent = (): string[] => requests.map(({ headers }) => String(headers['idempotency-key']))

describe('an action over HTTP', () => {
  test('reaches the service with the credential, and its time is noted in the step', async () => {
    const calling = step()
    const answer = await runtime.enter(calling, () => desk('reads').request.get({ path: ['a'] }))
    expect(answer).toEqual({ status: 200, body: { path: '/a' } })
    expect(requests[0]?.headers.authorization).toBe('Bearer desk-token')
    const [use] = calling.uses
    expect(use).toMatchObject({ connection: 'http/desk', action: 'request.get' })
    expect(use?.phases).toEqual([expect.objectContaining({ totalMs: expect.any(Number) })])
  })

  test('belongs to the step it was called in, however far inside (R1)', async () => {
    const [one, two] = [step({ name: 'one' }), step({ name: 'two' })]
    const lookUp = async (path: string): Promise<unknown> => {
      await wait(1)
      return desk('reads').request.get({ path: [path] })
    }
    await Promise.all([
      runtime.enter(one, () => lookUp('one')),
      runtime.enter(two, () => lookUp('two')),
    ])
    expect(one.uses).toMatchObject([{ input: { path: ['one'] } }])
    expect(two.uses).toMatchObject([{ input: { path: ['two'] } }])
  })

  test('never sends a write for a pre-call workflow (C2)', async () => {
    const writing = runtime.enter(step(), () => desk('reads').request.send({}))
    await expect(writing).rejects.toThrow('http/desk request.send writes')
    expect(requests).toEqual([])
  })

  test('gives each write of a turn its own key, the same in the next turn (C3)', async () => {
    const calling = step({ key: 'run/ticket' })
    const twice = (): Promise<unknown> =>
      Promise.all([desk('all').request.send({}), desk('all').request.send({})])
    await runtime.enter(calling, twice)
    await runtime.enter(calling, twice)
    const [first, second] = ['run/ticket', 'run/ticket#2']
    const sent = keysSent().toSorted((a, b) => a.length - b.length)
    expect(sent).toEqual([first, first, second, second])
  })

  test('a cut step leaves nothing running, and the run has its default in time (P5)', async () => {
    isHung = true
    const now = systemClock.monotonicMs()
    const steps = startSteps(systemClock, now, now + 5_000, (active, run) =>
      runtime.enter(active, run),
    )
    const output = await steps.step('tickets', () => desk('reads').request.get({}), {
      timeout: '100ms',
      default: 'none',
    })
    expect(output).toBe('none')
    expect(steps.records()).toMatchObject([{ status: 'cut', uses: [{ action: 'request.get' }] }])
    await expect.poll(() => client.inFlight).toBe(0)
  })

  test('a write that was sent and cut off may have been done (C4)', async () => {
    isHung = true
    const giveUp = new AbortController()
    const writing = runtime.enter(step({ signal: giveUp.signal }), () =>
      desk('all').request.send({}),
    )
    await expect.poll(() => requests.length).toBe(1)
    giveUp.abort()
    await expect(writing).rejects.toMatchObject({ verdict: { kind: 'unknown' } })
  })
})
