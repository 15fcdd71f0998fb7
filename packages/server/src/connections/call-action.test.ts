import { ConnectorFault, action, defineConnector, keyId } from '@bookend/core'
import type { HttpPort, IdempotencyClass } from '@bookend/core'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { fakeClock } from '@bookend/core/testing'
import type { CallingStep, PendingWrite } from './calling-step.ts'
import { openConnections } from './runtime.ts'

type Verb = (input: unknown) => Promise<unknown>
type Run = (ctx: { signal: AbortSignal; key: string; subjectKey: string }) => unknown

const none: HttpPort = { send: () => Promise.reject(new Error('no network in this test')) }
const log = { info: () => undefined, warn: () => undefined }

function connect(run: Run, life: { open?: () => object; close?: () => Promise<void> } = {}) {
  const clock = fakeClock()
  const input = z.object({ phone: z.string().max(5) })
  const output = z.object({ name: z.string() })
  const rest = { input, output, timeoutMs: 1_000 }
  const idempotency: { class: IdempotencyClass; by: 'run' } = { class: 'none', by: 'run' }
  const connector = defineConnector({
    id: 'book',
    label: 'Book',
    settings: z.object({}),
    auth: z.null(),
    actions: {
      'person.find_one': action({
        ...rest,
        effect: 'read',
        run: async (ctx) => run(ctx) as { name: string },
      }),
      'person.add': action({
        ...rest,
        effect: 'write',
        idempotency,
        preview: () => ({ name: '' }),
        run: async (ctx) => run(ctx) as { name: string },
      }),
    },
    client: {
      open: life.open ?? (() => ({})),
      close: life.close ?? (() => Promise.resolve()),
    },
  })
  const connection = { name: 'book/main', connector, settings: {}, auth: null }
  const onEnd = vi.fn<(connection: object, fault: object | null) => void>()
  const runtime = openConnections({ configured: [connection], outgoing: none, clock, log, onEnd })
  const handles = runtime.handlesFor({ people: 'book/main' }, 'all')
  const { person } = handles['people'] as { person: { findOne: Verb; add: Verb } }
  return { clock, runtime, person, connection, onEnd }
}

const step = (more: Partial<CallingStep> = {}): CallingStep => ({
  name: 'person',
  signal: new AbortController().signal,
  remainingMs: () => 5_000,
  note: () => undefined,
  ...more,
})

const never = (): Promise<never> => new Promise(() => undefined)
const ending = (error: unknown): unknown => error
const refuseToRun = (): never => {
  throw new Error('ran')
}

describe('a call of an action', () => {
  test('outside a step is a fault of the workflow that says what to write (C1)', async () => {
    const { person } = connect(refuseToRun)
    await expect(person.findOne({ phone: '1' })).rejects.toMatchObject({
      code: 'workflow_invalid',
      message: expect.stringContaining("write step('name', () => …) around it"),
    })
  })

  test('with an input that does not fit names the field and not its value (C1)', async () => {
    const { runtime, person } = connect(refuseToRun)
    const failing = runtime.enter(step(), () => person.findOne({ phone: 'too-long' }))
    await expect(failing).rejects.toMatchObject({
      verdict: {
        kind: 'refused',
        detail: expect.stringMatching(/^person.find_one: input.phone: /),
      },
    })
    await expect(failing).rejects.not.toThrow('too-long')
  })

  test.each([
    ['whose time is up', { remainingMs: () => 0 }],
    ['that was given up on', { signal: AbortSignal.abort() }],
  ])('in a step %s sends nothing (C1)', async (_what, more) => {
    const { runtime, person } = connect(refuseToRun)
    const late = runtime.enter(step(more), () => person.add({ phone: '1' }))
    await expect(late).rejects.toMatchObject({ verdict: { kind: 'retry', detail: 'not_started' } })
  })

  test('tells of a write before it is sent, and sends none that could not be told of', async () => {
    const { runtime, person } = connect(refuseToRun)
    const told: PendingWrite[] = []
    const beforeWrite = (write: PendingWrite): Promise<void> => {
      told.push(write)
      return Promise.reject(new Error('the journal is away'))
    }
    const calling = step({ key: 'run/person', beforeWrite })
    const writing = runtime.enter(calling, () => person.add({ phone: '1' }))
    await expect(writing).rejects.toThrow('the journal is away')
    expect(told).toEqual([
      { connection: 'book/main', action: 'person.add', class: 'none', key: keyId('run/person') },
    ])
  })

  test('gives a subject of its own to each write, and reads leave the count alone (C3)', async () => {
    const keys: string[] = []
    const { runtime, person } = connect(({ key, subjectKey }) => {
      keys.push(`${key} ${subjectKey}`)
      return { name: 'Ada' }
    })
    await runtime.enter(step({ key: 'run', subjectKey: 'call' }), async () => {
      await person.add({ phone: '1' })
      await person.findOne({ phone: '1' })
      await person.add({ phone: '2' })
    })
    expect(keys).toEqual(['run call', 'run call', 'run#2 call#2'])
  })

  test.each([
    ['findOne', 'retry'],
    ['add', 'unknown'],
  ] as const)('%s that throws, or answers nonsense, ends as %s (C4)', async (verb, kind) => {
    for (const run of [refuseToRun, () => ({ name: 7 })]) {
      const { runtime, person } = connect(run)
      const failing = runtime.enter(step(), () => person[verb]({ phone: '1' }))
      await expect(failing).rejects.toMatchObject({ code: 'connector_fault', verdict: { kind } })
    }
  })

  test.each([
    ['findOne', 'retry'],
    ['add', 'unknown'],
  ] as const)('%s that ignores its signal ends as %s all the same (C4)', async (verb, kind) => {
    let signal: AbortSignal | undefined
    const { clock, runtime, person } = connect((ctx) => {
      signal = ctx.signal
      return never()
    })
    const hanging = runtime.enter(step(), () => person[verb]({ phone: '1' }).catch(ending))
    await clock.advance(1_000)
    expect(signal?.aborted).toBe(true)
    await clock.advance(250)
    expect(await hanging).toMatchObject({ verdict: { kind, detail: 'timeout' } })
    expect(clock.pendingTimers).toBe(0)
  })

  test('says itself how it ended when it is told to stop', async () => {
    const fault = new ConnectorFault({ kind: 'retry', detail: 'not_sent' })
    const { clock, runtime, person } = connect(
      ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(fault))),
    )
    const stopped = runtime.enter(step(), () => person.add({ phone: '1' }).catch(ending))
    await clock.advance(1_000)
    expect(await stopped).toBe(fault)
    expect(clock.pendingTimers).toBe(0)
  })
})

test('an action is told at once when its step is given up on', async () => {
  const giveUp = new AbortController()
  const { clock, runtime, person } = connect(
    ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ name: 'told' }))),
  )
  const calling = step({ signal: giveUp.signal })
  const stopped = runtime.enter(calling, () => person.findOne({ phone: '1' }))
  await clock.advance(0)
  giveUp.abort()
  expect(await stopped).toEqual({ name: 'told' })
})

describe('the runtime', () => {
  test('opens a connection once, when it is first used, and closes it (R2)', async () => {
    const seen: string[] = []
    const { runtime, person } = connect(() => ({ name: 'Ada' }), {
      open: () => ({ opened: seen.push('opened') }),
      close: async () => void seen.push('closed'),
    })
    await runtime.close()
    expect(seen).toEqual([])
    const late = runtime.enter(step(), () => person.findOne({ phone: '1' }))
    await expect(late).rejects.toMatchObject({ verdict: { detail: 'shutting_down' } })

    const second = connect(() => ({ name: 'Ada' }), {
      open: () => ({ opened: seen.push('opened') }),
      close: async () => void seen.push('closed'),
    })
    await second.runtime.enter(step(), async () => {
      await Promise.all([second.person.findOne({ phone: '1' }), second.person.add({ phone: '1' })])
    })
    await second.runtime.close()
    expect(seen).toEqual(['opened', 'closed'])
  })

  test('names what a workflow asks for and what there is', () => {
    const { runtime } = connect(() => ({ name: 'Ada' }))
    const workflow = { name: 'intake', connections: { crm: 'hubspot/main', people: 'book/main' } }
    expect(() => runtime.check(workflow)).toThrow(
      'Workflow "intake" uses connections that are not configured: "crm" is hubspot/main; there are book/main',
    )
    expect(() => runtime.handlesFor(workflow.connections, 'all')).toThrow('"hubspot/main"')
    expect(() => runtime.check({ ...workflow, connections: {} })).not.toThrow()
  })
})

describe('a connection that changes', () => {
  const stored = (made: ReturnType<typeof connect>, more: object) => ({
    ...made.connection,
    name: 'book/stored',
    ...more,
  })

  test('is used as it is by then, by handles made before; its old client is closed (R4)', async () => {
    const close = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const seen: unknown[] = []
    const made = connect((ctx) => (seen.push((ctx as any).auth), { name: 'Ada' }), { close })
    const { runtime } = made
    runtime.replaceStored([stored(made, { auth: 'old', revision: '1' })])
    const { people } = runtime.handlesFor({ people: 'book/stored' }, 'all') as any
    const ask = () => runtime.enter(step(), () => people.person.findOne({ phone: '1' }))
    await ask()
    const fresh = stored(made, { auth: 'new', revision: '2' })
    runtime.replaceStored([fresh])
    await ask()
    runtime.replaceStored([fresh])
    expect(seen).toEqual(['old', 'new'])
    expect(close).toHaveBeenCalledTimes(1)
    runtime.replaceStored([])
    await expect(ask()).rejects.toThrow('connection_removed')
    expect(() => runtime.handlesFor({ people: 'book/stored' }, 'all')).toThrow('not configured')
  })

  test('that cannot be used sends nothing and says why', async () => {
    const made = connect(refuseToRun)
    made.runtime.replaceStored([stored(made, { unusable: 'credential_missing' })])
    const { people } = made.runtime.handlesFor({ people: 'book/stored' }, 'all') as any
    const asking = made.runtime.enter(step(), () => people.person.findOne({ phone: '1' }))
    await expect(asking).rejects.toMatchObject({
      verdict: { kind: 'auth', detail: 'credential_missing' },
    })
    expect(made.onEnd).not.toHaveBeenCalled()
  })

  test('does not hide one of bookend.config.ts', () => {
    const made = connect(refuseToRun)
    made.runtime.replaceStored([stored(made, { name: 'book/main', auth: 'mine' })])
    expect(made.runtime.list()).toEqual([made.connection])
  })

  test('tells how each exchange ended', async () => {
    const fault = new ConnectorFault({ kind: 'auth', detail: 'http_401' })
    const made = connect(() => Promise.reject(fault))
    const { runtime, person, connection, onEnd } = made
    await runtime.enter(step(), () => person.findOne({ phone: '1' })).catch(ending)
    expect(onEnd.mock.calls).toEqual([[connection, fault]])
  })
})
