import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { FakeClock } from '../testing/fake-clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { PreCallContext, PreCallReturn, PreCallWorkflow } from './definition.ts'
import type { PreCallRun } from './run.ts'
import { runPreCall } from './run.ts'

const request = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound' as const,
    timestamp: '2026-03-02T15:04:05.000Z',
  },
  agent: { id: 'a', name: 'Support Agent' },
}

const workflowOf = (
  run: (context: PreCallContext) => Promise<PreCallReturn> | PreCallReturn,
  budgetMs: number | null = null,
): PreCallWorkflow => ({
  kind: 'pre-call',
  name: 'support-intake',
  budgetMs,
  parameters: { customer_name: z.string().max(60), open_tickets: z.number().int() },
  fallback: { customer_name: 'there', open_tickets: 0 },
  connections: {},
  run,
})

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

const after = <T>(clock: FakeClock, ms: number, value: T): Promise<T> =>
  new Promise((resolve) => void clock.setTimer(ms, () => resolve(value)))

async function answerOf(
  workflow: PreCallWorkflow,
  clock: FakeClock,
  budgetMs = 5_000,
): Promise<PreCallRun> {
  let run: PreCallRun | undefined
  const settled = runPreCall(workflow, { request, clock, budgetMs }).then((value) => (run = value))
  await clock.advance(budgetMs)
  if (run === undefined) throw new Error('there was no answer inside the budget')
  await settled
  return run
}

describe('a pre-call workflow', () => {
  test('answers with what its steps found, before the budget is touched', async () => {
    const clock = fakeClock()
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const [name, tickets] = await Promise.all([
          step('contact', () => after(clock, 300, 'Ada')),
          step('tickets', () => after(clock, 200, [1, 2])),
        ])
        return { parameters: { customer_name: name, open_tickets: tickets.length } }
      }),
      clock,
    )
    expect(run).toMatchObject({ status: 'answered', durationMs: 300, missing: [], failure: null })
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 2 })
    expect(run.steps.map(({ name, startMs, durationMs }) => [name, startMs, durationMs])).toEqual([
      ['contact', 0, 300],
      ['tickets', 0, 200],
    ])
  })

  test('yields the default of a hung step when the budget runs out, in time (P1, P5)', async () => {
    const clock = fakeClock()
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const [name, tickets] = await Promise.all([
          step('contact', () => 'Ada'),
          step('tickets', () => never<number[]>(), { default: [] }),
        ])
        return { parameters: { customer_name: name, open_tickets: tickets.length } }
      }),
      clock,
    )
    expect(run.durationMs).toBeLessThanOrEqual(5_000)
    expect(run.status).toBe('partial')
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 0 })
    expect(run.missing).toEqual([{ name: 'tickets', reason: 'timed_out', step: 'tickets' }])
    expect(run.steps[1]).toMatchObject({ status: 'cut', defaultUsed: true, output: [] })
  })

  test('cuts a step at its own limit and goes on', async () => {
    const clock = fakeClock()
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const tickets = await step('tickets', () => never<number[]>(), {
          timeout: '2s',
          default: [7],
        })
        return { parameters: { customer_name: 'Ada', open_tickets: tickets[0] } }
      }),
      clock,
    )
    expect(run.durationMs).toBe(2_000)
    expect(run.parameters).toEqual({ customer_name: 'Ada', open_tickets: 7 })
  })

  test('gives steps that start after the cut their default at once', async () => {
    const clock = fakeClock()
    const late = vi.fn<() => string>(() => 'looked up')
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        await step('slow', () => never<null>(), { default: null })
        const name = await step('late', late, { default: 'there' })
        return { parameters: { customer_name: name, open_tickets: 1 } }
      }),
      clock,
    )
    expect(late).not.toHaveBeenCalled()
    expect(run.steps[1]).toMatchObject({ name: 'late', status: 'not_started', defaultUsed: true })
    expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 1 })
  })

  test('a failing step costs its own default, never the call (P1)', async () => {
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const broken = (): Promise<string> => Promise.reject(new Error('503 from the desk'))
        const name = await step('contact', broken, { default: 'there' })
        return { parameters: { customer_name: name, open_tickets: 3 } }
      }),
      fakeClock(),
    )
    expect(run.missing).toEqual([{ name: 'contact', reason: 'failed', step: 'contact' }])
    expect(run.steps[0]).toMatchObject({ status: 'failed', error: '503 from the desk' })
    expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 3 })
  })

  test('tells what its function says of a parameter in place of what is known of its step', async () => {
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const broken = (): Promise<never> => Promise.reject(new Error('down'))
        await step('contact', broken, { default: null })
        await step('tickets', broken, { default: 0 })
        return {
          parameters: { open_tickets: 0 },
          missing: [{ name: 'customer_name', reason: 'failed', step: 'contact' }],
        }
      }),
      fakeClock(),
    )
    expect(run.missing).toEqual([
      { name: 'tickets', reason: 'failed', step: 'tickets' },
      { name: 'customer_name', reason: 'failed', step: 'contact' },
    ])
  })

  test.each([['contact'], [[{ name: 'customer_name', reason: 'tired' }]], [[7]], [null]])(
    'keeps its parameters when what it says is missing is %j',
    async (missing) => {
      const parameters = { customer_name: 'Ada', open_tickets: 3 }
      const run = await answerOf(
        workflowOf(() => ({ parameters, missing: missing as never })),
        fakeClock(),
      )
      expect(run.parameters).toEqual(parameters)
      expect(run.missing).toEqual([
        {
          name: 'missing',
          reason: 'invalid',
          step: null,
          detail: 'must be a list of { name, reason, step }',
        },
      ])
    },
  )

  test('a failed step without a default makes the parameters fall back', async () => {
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        const name = await step('contact', (): string => {
          throw new Error('refused')
        })
        return { parameters: { customer_name: name, open_tickets: 3 } }
      }),
      fakeClock(),
    )
    expect(run).toMatchObject({ status: 'fallback', failure: 'workflow_failed' })
    expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 0 })
    expect(run.missing.map(({ name, reason }) => [name, reason])).toEqual([
      ['contact', 'failed'],
      ['customer_name', 'failed'],
      ['open_tickets', 'failed'],
    ])
  })

  test('a function that waits for something that is no step still gets an answer (P1)', async () => {
    const clock = fakeClock()
    const run = await answerOf(
      workflowOf(() => never<PreCallReturn>()),
      clock,
    )
    expect(run).toMatchObject({ status: 'fallback', failure: 'timeout', durationMs: 5_000 })
    expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 0 })
  })

  test('lets only declared, valid parameters leave (P3)', async () => {
    const run = await answerOf(
      workflowOf(() => ({
        parameters: { customer_name: 'x'.repeat(61), open_tickets: 2, secret: 'account number' },
      })),
      fakeClock(),
    )
    expect(run.status).toBe('partial')
    expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 2 })
    expect(run.missing).toMatchObject([{ name: 'customer_name', reason: 'invalid' }])
  })

  test.each([null, undefined, [], 'text', {}, { parameters: [] }, { parameters: null }])(
    'falls back when the function returns %j',
    async (value) => {
      const run = await answerOf(
        workflowOf(() => value as never),
        fakeClock(),
      )
      expect(run).toMatchObject({ status: 'fallback', failure: 'no_parameters' })
      expect(run.parameters).toEqual({ customer_name: 'there', open_tickets: 0 })
    },
  )

  test('keeps to the smaller of its own budget and the door’s', async () => {
    const clock = fakeClock()
    const run = await answerOf(
      workflowOf(() => never<PreCallReturn>(), 1_000),
      clock,
    )
    expect(run).toMatchObject({ budgetMs: 1_000, durationMs: 1_000 })
  })

  test('refuses a step name that is used twice', async () => {
    const run = await answerOf(
      workflowOf(async ({ step }) => {
        await step('contact', () => 1)
        await step('contact', () => 2)
        return { parameters: {} }
      }),
      fakeClock(),
    )
    expect(run.error).toMatch(/"contact" is used twice/)
  })

  test('tells a cut step to stop, after the answer has been decided (P5)', async () => {
    const clock = fakeClock()
    const order: string[] = []
    const answered = runPreCall(
      workflowOf(async ({ step }) => {
        await step(
          'slow',
          ({ signal }) => {
            signal.addEventListener('abort', () => order.push('aborted'))
            return never<null>()
          },
          { default: null },
        )
        return { parameters: { customer_name: 'Ada', open_tickets: 0 } }
      }),
      { request, clock, budgetMs: 1_000 },
    ).then(() => order.push('answered'))
    await clock.advance(1_000)
    await answered
    await clock.advance(50)
    expect(order).toEqual(['answered', 'aborted'])
  })

  test('is not made partial by a step that nobody waited for', async () => {
    const clock = fakeClock()
    const workflow = workflowOf(({ step }) => {
      void step('aside', () => never())
      return { parameters: { customer_name: 'Ada', open_tickets: 1 } }
    })
    const { status, missing, steps } = await answerOf(workflow, clock)
    expect({ status, missing }).toEqual({ status: 'answered', missing: [] })
    expect(steps.map((step) => [step.name, step.status])).toEqual([['aside', 'running']])
  })

  test('is cut earlier in a crowd, so that all ends stand in line inside the budget (P1)', async () => {
    const clock = fakeClock()
    const workflow = workflowOf(async ({ step }) => {
      const name = await step('contact', () => never<string>(), { default: 'there' })
      return { parameters: { customer_name: name, open_tickets: 0 } }
    })
    const runs = Array.from({ length: 1_101 }, () =>
      runPreCall(workflow, { request, clock, budgetMs: 5_000 }),
    )
    await clock.advance(5_000)
    const cutAtMs = (await Promise.all(runs)).map(({ steps }) => steps[0]?.durationMs)
    expect(cutAtMs[0]).toBe(4_975)
    expect(cutAtMs[99]).toBe(4_975)
    expect(cutAtMs[1_100]).toBeCloseTo(4_895, 0)
    const alone = await answerOf(workflow, clock)
    expect(alone.steps[0]?.durationMs).toBe(4_975)
  })

  test('leaves no timer behind, and no unhandled rejection of a step nobody awaits', async () => {
    const clock = fakeClock()
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    await answerOf(
      workflowOf(({ step }) => {
        void step('forgotten', () => never<null>())
        return { parameters: { customer_name: 'Ada', open_tickets: 0 } }
      }),
      clock,
    )
    await clock.advance(0)
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(clock.pendingTimers).toBe(0)
  })
})
