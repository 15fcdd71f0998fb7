import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { preCall } from '../pre-call.ts'
import { FakeError, simulate } from './index.ts'

const intake = preCall('intake', {
  budget: '4s',
  parameters: z.object({ customer_name: z.string(), open_tickets: z.number().int() }),
  fallback: { customer_name: 'there', open_tickets: 0 },
  connections: { crm: 'postgres/crm', desk: 'http/desk' },
  async run({ call, step, connections: { crm, desk } }) {
    const [contact, tickets] = await Promise.all([
      step('contact', () => crm.row.queryOne({ sql: 'select 1', values: [call.from_number] }), {
        timeout: '800ms',
        default: null,
      }),
      step('tickets', () => desk.request.get({ path: ['tickets'] }), {
        timeout: '2s',
        default: null,
      }),
    ])
    const list = z.array(z.unknown()).catch([]).parse(tickets?.body)
    const name = z.object({ name: z.string() }).catch({ name: 'there' }).parse(contact).name
    return { parameters: { customer_name: name, open_tickets: list.length } }
  },
})

const answers = {
  'crm.row.query_one': { name: 'Ada' },
  'desk.request.get': { status: 200, body: ['a', 'b'] },
}

describe('a pre-call workflow under test', () => {
  test('is answered from its fakes', async () => {
    const run = await simulate(intake, { from_number: '+15550100001' }, answers)
    expect(run).toMatchObject({ status: 'answered', missing: [], durationMs: 0 })
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 2 })
  })

  test('has a step of nine seconds cut in milliseconds of real time', async () => {
    const startedAtMs = performance.now()
    const run = await simulate(
      intake,
      {},
      {
        ...answers,
        'desk.request.get': simulate.after('9s', { status: 200, body: [] }),
      },
    )
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 0 })
    expect(run.step('tickets')).toBeCut()
    expect(run.step('contact')).not.toBeCut()
    expect(run).toAnswerWithin('2.1s')
    expect(run).not.toAnswerWithin('1.9s')
  })

  test('does what comes after its answer, and captures what that would write', async () => {
    const logging = preCall('logging', {
      parameters: z.object({ name: z.string() }),
      fallback: { name: 'there' },
      connections: { desk: 'http/desk' },
      run: () => ({ parameters: { name: 'Ada' } }),
      async after({ step, connections: { desk }, parameters }) {
        await step('log', () => desk.request.send({ path: ['told'], body: parameters }))
      },
    })
    const { after, durationMs, steps } = await simulate(logging)
    expect([durationMs, steps]).toEqual([0, []])
    expect(after.steps).toMatchObject([{ name: 'log', status: 'ok' }])
    expect(after.effects).toEqual([
      { step: 'log', use: 'desk.request.send', input: { path: ['told'], body: { name: 'Ada' } } },
    ])
  })

  test('waits for what comes in time', async () => {
    const run = await simulate(
      intake,
      {},
      {
        ...answers,
        'desk.request.get': simulate.after(
          '1.5s',
          simulate.after('100ms', answers['desk.request.get']),
        ),
      },
    )
    expect(run).toMatchObject({ status: 'answered', durationMs: 1_600 })
  })

  test('ends with the budget, whatever hangs', async () => {
    const run = await simulate(
      intake,
      {},
      { ...answers, 'crm.row.query_one': simulate.hang, 'desk.request.get': simulate.hang },
      { budget: '500ms' },
    )
    expect(run).toAnswerWithin('500ms')
    expect(run.missing.map(({ reason }) => reason)).toEqual(['timed_out', 'timed_out'])
  })

  test.each([
    'timeout',
    'retry',
    'limited',
    'unknown',
    'auth',
    'missing',
    'conflict',
    'refused',
  ] as const)('goes on when a system fails by "%s"', async (how) => {
    const run = await simulate(intake, {}, { ...answers, 'desk.request.get': simulate.fail(how) })
    expect(run).toMatchObject({ status: 'partial', parameters: { customer_name: 'Ada' } })
    expect(run.step('tickets')).toMatchObject({ status: 'failed', defaultUsed: true })
  })

  test('asks a function with the parsed input', async () => {
    const asked: unknown[] = []
    await simulate(
      intake,
      { from_number: '+15550100007' },
      {
        ...answers,
        'crm.row.query_one': (input: unknown, by: unknown) => {
          asked.push(input, by)
          return simulate.after('10ms', null)
        },
      },
    )
    expect(asked).toMatchObject([{ values: ['+15550100007'] }, { step: 'contact', key: null }])
  })
})

describe('a fake', () => {
  const run = (fakes: object) => simulate(intake, {}, { ...fakes })

  test('that is missing is an error, though the step has a default (K2)', async () => {
    await expect(run({ 'crm.row.query_one': null })).rejects.toThrow(
      `Step "tickets" asks desk.request.get, and no fake answers; add 'desk.request.get': …`,
    )
  })

  test('that its connector could never be is an error (K2)', async () => {
    const wrong = { ...answers, 'desk.request.get': { status: 'ok', body: [] } }
    await expect(run(wrong)).rejects.toThrow(
      /fake of desk\.request\.get answers what no http\/desk does; output\.status/,
    )
    await expect(run(wrong)).rejects.toBeInstanceOf(FakeError)
  })

  test('for an action that is not there is an error that names those that are', async () => {
    await expect(run({ 'desk.request.fly': 1 })).rejects.toThrow(
      /no action "desk\.request\.fly".*desk\.request\.get/,
    )
  })
})

describe('what the server refuses', () => {
  const broken = (run: Parameters<typeof preCall>[1]['run']) =>
    simulate(
      preCall('broken', {
        parameters: z.object({ a: z.string() }),
        fallback: { a: '' },
        connections: { desk: 'http/desk' },
        run: run as never,
      }),
    )

  test('is refused here: a write before the call (K1)', async () => {
    const run = await broken(async ({ step, connections }: any) => {
      await step('write', () => connections.desk.request.send({}), { default: null })
      return { parameters: { a: 'x' } }
    })
    expect(run.step('write').error).toContain('may only read')
  })

  test('is refused here: an action outside a step, an input that does not fit (K1)', async () => {
    const outside = await broken(async ({ connections }: any) => connections.desk.request.get({}))
    expect(outside.error).toContain('outside a step')
    const misfit = await broken(async ({ step, connections }: any) => {
      await step('ask', () => connections.desk.request.get({ path: [''] }), { default: null })
      return { parameters: { a: 'x' } }
    })
    expect(misfit.step('ask').error).toContain('input.path.0')
  })
})

test('a step that there was not is an error that names those that were', async () => {
  const run = await simulate(intake, {}, answers)
  expect(() => run.step('ticket')).toThrow('no step "ticket"; there were: contact, tickets')
})
