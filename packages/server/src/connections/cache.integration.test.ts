import { http } from '@bookend/connectors'
import type { CachePolicy, StepUse } from '@bookend/core'
import { keyId, startSteps } from '@bookend/core'
import { fakeClock, type FakeClock } from '@bookend/core/testing'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testClient, type TestClient } from '../outgoing/testing/client.ts'
import { serveHttp, type TestServer } from '../outgoing/testing/servers.ts'
import { systemClock } from '../system-clock.ts'
import type { CallingStep } from './calling-step.ts'
import { Circuits } from './circuits.ts'
import { type CacheScope, openConnections, type ConnectionRuntime } from './runtime.ts'

type Desk = { request: Record<'get' | 'send', (input: unknown) => Promise<{ body: unknown }>> }

const HOUR_MS = 3_600_000
const policy: CachePolicy = { freshMs: HOUR_MS, staleMs: HOUR_MS }
const alwaysStale: CachePolicy = { freshMs: 0, staleMs: HOUR_MS }
const scope: CacheScope = { workspaceId: 'w', workflow: 'intake', version: '1' }
const quiet = { info: () => undefined, warn: () => undefined }

let server: TestServer
let client: TestClient
let runtime: ConnectionRuntime
let circuitClock: FakeClock
let circuits: Circuits
let asked: string[] = []
let held: ServerResponse[] = []
let isHolding = false
let status = 200

beforeEach(async () => {
  asked = []
  held = []
  isHolding = false
  status = 200
  server = await serveHttp((request, response) => {
    asked.push(request.url ?? '')
    response.statusCode = status
    if (isHolding) held.push(response)
    else response.end(JSON.stringify({ nth: asked.length }))
  })
  client = testClient()
  circuitClock = fakeClock()
  circuits = new Circuits({ clock: circuitClock, log: quiet, kind: 'connection' })
  const settings = http.settings.parse({ base_url: server.url })
  const auth = { kind: 'bearer', token: 'desk-token' }
  runtime = openConnections({
    configured: [
      { name: 'http/desk', connector: http, settings, auth },
      { name: 'http/other', connector: http, settings, auth },
    ],
    outgoing: client,
    clock: systemClock,
    log: quiet,
    circuits,
  })
})
afterEach(async () => {
  await runtime.close()
  for (const response of held) response.destroy()
  await client[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const release = (): void => {
  isHolding = false
  for (const response of held.splice(0)) response.end(JSON.stringify({ nth: asked.length }))
}

function step(more: Partial<CallingStep> = {}): CallingStep & { uses: StepUse[] } {
  const uses: StepUse[] = []
  return {
    name: 'contact',
    signal: new AbortController().signal,
    remainingMs: () => 5_000,
    note: (use) => void uses.push(use),
    cache: policy,
    uses,
    ...more,
  }
}

const desk = (connection = 'http/desk', mode: 'reads' | 'all' = 'reads'): Desk =>
  runtime.handlesFor({ desk: connection }, mode)['desk'] as Desk

async function ask(
  calling = step(),
  { path = 'ada', connection = 'http/desk', within = scope as CacheScope | null } = {},
): Promise<[state: unknown, body: unknown]> {
  const get = () => desk(connection).request.get({ path: [path] })
  const { body } = await runtime.enter(calling, get, within ?? undefined)
  return [calling.uses[0]?.cache, body]
}

describe('a look-up over HTTP in a step with a cache', () => {
  test('is made once, and its phases are of the call that made it', async () => {
    const first = step()
    expect(await ask(first)).toEqual(['miss', { nth: 1 }])
    expect(first.uses[0]?.phases).toHaveLength(1)
    const second = step()
    expect(await ask(second)).toEqual(['fresh', { nth: 1 }])
    expect(second.uses[0]?.phases).toEqual([])
    expect(asked).toEqual(['/ada'])
  })

  test.each([
    ['input', { path: 'bob' }],
    ['connection', { connection: 'http/other' }],
    ['workspace', { within: { ...scope, workspaceId: 'x' } }],
    ['workflow', { within: { ...scope, workflow: 'other' } }],
    ['version', { within: { ...scope, version: '2' } }],
  ])('is another one for another %s (B9)', async (_, other) => {
    await ask()
    expect(await ask(step(), other)).toEqual(['miss', { nth: 2 }])
  })

  test('is not cached without a workspace to keep it for', async () => {
    await ask(step(), { within: null })
    expect(await ask(step(), { within: null })).toEqual([undefined, { nth: 2 }])
  })

  test('is served stale at once, while the new one is still to come', async () => {
    await ask()
    isHolding = true
    expect(await ask(step({ cache: alwaysStale }))).toEqual(['stale', { nth: 1 }])
    await expect.poll(() => asked.length).toBe(2)
    release()
    await expect.poll(() => ask()).toEqual(['fresh', { nth: 2 }])
  })

  test('is shared by calls that ask at the same moment (M2)', async () => {
    isHolding = true
    const all = Promise.all(Array.from({ length: 10 }, () => ask()))
    await expect.poll(() => held.length).toBe(1)
    release()
    const states = (await all).map(([state]) => state)
    expect(states).toEqual(['miss', ...Array.from({ length: 9 }, () => 'shared')])
    expect(asked).toEqual(['/ada'])
  })

  test('that is late for its own call is there for the next (rule 2, M1, B8)', async () => {
    isHolding = true
    const now = systemClock.monotonicMs()
    const steps = startSteps(systemClock, now, now + 5_000, (active, run) =>
      runtime.enter(active, run, scope),
    )
    let hasGivenUp = (): boolean => false
    const first = steps.step(
      'contact',
      ({ signal }) => {
        hasGivenUp = () => signal.aborted
        return desk().request.get({ path: ['ada'] })
      },
      { timeout: '60ms', cache: '1h', default: 'default' },
    )
    expect(await first).toBe('default')
    steps.close()
    expect(steps.records()).toMatchObject([{ status: 'cut', cache: 'miss', output: 'default' }])
    await expect.poll(() => hasGivenUp()).toBe(true)
    await expect.poll(() => held.length).toBe(1)
    const second = ask()
    release()
    expect(await second).toEqual(['shared', { nth: 1 }])
    expect(await ask()).toEqual(['fresh', { nth: 1 }])
    expect(steps.records()).toMatchObject([{ output: 'default' }])
  })

  test('only goes to the cache in a prefetch', async () => {
    const prefetch = { ...scope, isPrefetch: true }
    const { cache: _, ...uncached } = step()
    const asking = runtime.enter(uncached, () => desk().request.get({}), prefetch)
    await expect(asking).rejects.toThrow('not_prefetched')
    expect(await ask(step(), { within: prefetch })).toEqual(['miss', { nth: 1 }])
    expect(await ask()).toEqual(['fresh', { nth: 1 }])
  })
})

describe('a system that keeps failing (F18)', () => {
  const uncached = (): CallingStep & { uses: StepUse[] } => {
    const { cache: _, ...calling } = step()
    return calling
  }
  const get = (calling: CallingStep, connection?: string): Promise<unknown> =>
    runtime.enter(calling, () => desk(connection).request.get({}), scope)
  async function failFiveTimes(): Promise<void> {
    status = 503
    for (let nth = 0; nth < 5; nth += 1) await expect(get(uncached())).rejects.toThrow('http_503')
    status = 200
  }

  test('is left alone: nothing is sent, and the step says to what', async () => {
    await failFiveTimes()
    const calling = uncached()
    await expect(get(calling)).rejects.toMatchObject({
      verdict: { kind: 'retry', detail: 'circuit_open', afterMs: 5_000 },
    })
    expect(asked).toHaveLength(5)
    expect(calling.uses).toMatchObject([{ connection: 'http/desk', action: 'request.get' }])
    expect([circuits.count('open'), circuits.opened]).toEqual([1, 1])
  })

  test('leaves the others alone', async () => {
    await failFiveTimes()
    expect(await get(uncached(), 'http/other')).toMatchObject({ status: 200 })
  })

  test('is not one that refuses, or has no such record', async () => {
    for (status of [400, 404, 404, 404, 404, 401, 409]) {
      await get(uncached()).catch(() => undefined)
    }
    expect(circuits.count('open')).toBe(0)
  })

  test('is asked again after a while, by one call, and all go on when it answers', async () => {
    await failFiveTimes()
    await circuitClock.advance(5_000)
    isHolding = true
    const probe = get(uncached())
    await expect.poll(() => held.length).toBe(1)
    await expect(get(uncached())).rejects.toThrow('circuit_open')
    release()
    await probe
    expect(await get(uncached())).toMatchObject({ status: 200 })
    expect(asked).toHaveLength(7)
  })

  test('is hung: what cut steps waited for counts as well', async () => {
    isHolding = true
    const now = systemClock.monotonicMs()
    const steps = startSteps(systemClock, now, now + 5_000, (active, run) =>
      runtime.enter(active, run, scope),
    )
    const cut = (nth: number) =>
      steps.step(`step-${nth}`, () => desk().request.get({}), { timeout: '120ms', default: null })
    expect(await Promise.all([1, 2, 3, 4, 5].map(cut))).toEqual([null, null, null, null, null])
    await expect.poll(() => circuits.count('open')).toBe(1)
    expect(await cut(6)).toBeNull()
    expect(steps.missing().at(-1)).toMatchObject({ step: 'step-6', reason: 'circuit_open' })
  })

  test('is served from the cache all the same (C6)', async () => {
    await ask()
    await failFiveTimes()
    expect(await ask()).toEqual(['fresh', { nth: 1 }])
    expect(await ask(step({ cache: alwaysStale }))).toEqual(['stale', { nth: 1 }])
    expect(asked).toHaveLength(6)
    await expect(ask(step(), { path: 'bob' })).rejects.toThrow('circuit_open')
  })

  test('costs no write its key: the next one has its own (C3)', async () => {
    await failFiveTimes()
    const keys: string[] = []
    const writing: CallingStep = {
      ...uncached(),
      key: 'run/ticket',
      beforeWrite: async ({ key }) => void keys.push(key),
    }
    const [first, second] = [desk('http/desk', 'all'), desk('http/other', 'all')]
    await runtime.enter(writing, async () => {
      await expect(first.request.send({})).rejects.toThrow('circuit_open')
      await second.request.send({})
    })
    expect(keys).toEqual([keyId('run/ticket#2')])
  })
})
