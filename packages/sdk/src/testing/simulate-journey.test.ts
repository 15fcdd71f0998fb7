import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { journey } from '../journey.ts'
import { simulate, simulateJourney } from './index.ts'

const after = journey('after', {
  on: 'call.completed',
  if: ({ call }) => (call.duration ?? 0) > 5,
  connections: { desk: 'http/desk', relay: 'smtp/relay' },
  async run({ call, step, sleep, connections: { desk, relay } }) {
    between.push('begin')
    await step('ticket', () =>
      desk.request.send({ path: ['tickets', call.uuid], body: { by: call.from_number } }),
    )
    await sleep('settle', '2h')
    between.push('awake')
    await step('mail', () =>
      relay.email.send({ to: ['ada@example.com'], subject: 'Thank you', text: 'Bye' }),
    )
  },
})
let between: string[] = []

describe('a journey under test', () => {
  test('runs to where it waits, and on when time has passed (T1)', async () => {
    const run = await simulateJourney(after, { call: { duration: 30, said: ['Hello'] } })
    expect(run.status).toBe('waiting')
    expect(run.effects.map(({ use }) => use)).toEqual(['desk.request.send'])
    await run.advance('1h')
    expect(run.status).toBe('waiting')
    await run.advance('1h')
    expect(run.status).toBe('completed')
    expect(run.now.toISOString()).toBe('2026-03-02T17:05:05.000Z')
    expect(run.effects).toMatchObject([
      { step: 'ticket', use: 'desk.request.send', input: { body: { by: '+15550100001' } } },
      { step: 'mail', use: 'relay.email.send', input: { subject: 'Thank you' } },
    ])
  })

  test('is over at last, however long it sleeps', async () => {
    const run = await simulateJourney(after)
    await run.finish()
    expect(run.status).toBe('completed')
    expect(run.step('settle')).toMatchObject({ kind: 'sleep', status: 'ok' })
  })

  test('goes on in another process, and does no step again (T2, J3)', async () => {
    between = []
    const run = await simulateJourney(after)
    await run.restart()
    await run.restart()
    await run.finish()
    expect(between.filter((word) => word === 'awake')).toHaveLength(1)
    expect(between.filter((word) => word === 'begin').length).toBeGreaterThanOrEqual(3)
    expect(run.effects).toHaveLength(2)
  })

  test('tries again what failed, when its time has come', async () => {
    let asked = 0
    const run = await simulateJourney(
      after,
      {},
      {
        'desk.request.send': () =>
          (asked += 1) < 3 ? simulate.fail('retry') : { status: 201, body: null },
      },
    )
    expect(run.status).toBe('waiting')
    expect(run.effects).toEqual([])
    await run.advance('5s')
    expect(asked).toBe(3)
    expect(run.step('ticket')).toMatchObject({ status: 'ok' })
    expect(run.step('ticket').attempts).toHaveLength(3)
  })

  test('fails with the step that was refused', async () => {
    const fakes = { 'desk.request.send': simulate.fail('refused') }
    const run = await simulateJourney(after, {}, fakes)
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('"ticket"') })
  })

  test('does not start where its `if` says no', async () => {
    const run = await simulateJourney(after, { call: { duration: 2 } })
    await run.finish()
    expect(run).toMatchObject({ status: 'not_started', steps: [], effects: [] })
  })

  test('on an event of your own has no call', async () => {
    const own = journey('own', {
      on: 'sms.received',
      run: async ({ call, event, step }) =>
        void (await step('note', () => ({ call, text: event.payload['text'] ?? null }))),
    })
    const run = await simulateJourney(own, { event: { payload: { text: '5' } } })
    expect(run.step('note').output).toEqual({ call: null, text: '5' })
    expect(run.status).toBe('completed')
  })

  test('shows the calls that it has scheduled', async () => {
    const again = journey('again', {
      on: 'call.completed',
      run: async ({ call, callLater }) =>
        void (await callLater('tomorrow', { to: call.from_number, agent: 'Front', in: '24h' })),
    })
    const run = await simulateJourney(again)
    expect(run.calls).toMatchObject([{ to: '+15550100001', agent: 'Front', inMs: 86_400_000 }])
  })

  test('that asks what no fake answers is an error of the test (K2)', async () => {
    const asks = journey('asks', {
      on: 'sms.received',
      connections: { crm: 'postgres/crm' },
      run: async ({ step, connections: { crm } }) =>
        void (await step('ask', () => crm.row.query({ sql: 'select 1', values: [] }))),
    })
    await expect(simulateJourney(asks)).rejects.toThrow('no fake answers')
  })
})

const review = journey('review', {
  on: 'call.completed',
  connections: { relay: 'smtp/relay' },
  async run({ call, step, human, waitFor, emit, connections: { relay } }) {
    const decided = await human('callback', {
      title: `Call back ${call.from_number}?`,
      form: z.object({ decision: z.enum(['call', 'close']) }),
      within: '4h',
    })
    if (decided.status === 'expired')
      return void (await emit('expired', 'review.expired', { by: 'time' }))
    if (decided.answer.decision === 'close') return
    const reply = await waitFor<{ text: string }>('reply', 'sms.received', {
      where: { from: call.from_number },
      within: '24h',
    })
    const text = reply?.text ?? 'no reply'
    await step('mail', () => relay.email.send({ to: ['a@example.com'], subject: 'Reply', text }))
  },
})

describe('a journey that waits for others', () => {
  test('goes on with what a person answers, and with what comes in', async () => {
    const run = await simulateJourney(review)
    await run.advance('1h')
    await run.answer('callback', { decision: 'call' })
    expect(run.status).toBe('waiting')
    await run.emit('sms.received', { from: '+15550100099', text: 'wrong number' })
    expect(run.status).toBe('waiting')
    await run.emit('sms.received', { from: '+15550100001', text: '5' })
    expect(run.status).toBe('completed')
    expect(run.effects).toMatchObject([{ step: 'mail', input: { text: '5' } }])
  })

  test('gives up when nobody answers in time', async () => {
    const run = await simulateJourney(review)
    await run.advance('3h')
    expect(run.status).toBe('waiting')
    await run.advance('1h')
    expect(run.status).toBe('completed')
    expect(run.emitted).toMatchObject([{ event_type: 'review.expired', payload: { by: 'time' } }])
    const asked = await simulateJourney(review)
    await asked.answer('callback', { decision: 'call' })
    await asked.finish()
    expect(asked.effects).toMatchObject([{ input: { text: 'no reply' } }])
  })

  test('takes no answer that its form refuses, and none to what was not asked', async () => {
    const run = await simulateJourney(review)
    await expect(run.answer('callback', { decision: 'maybe' })).rejects.toThrow(
      'refuses the answer',
    )
    await expect(run.answer('other', {})).rejects.toThrow(
      'No handoff "other" is open; open: callback',
    )
    await run.answer('callback', { decision: 'close' })
    await expect(run.answer('callback', { decision: 'close' })).rejects.toThrow('none is')
  })
})
