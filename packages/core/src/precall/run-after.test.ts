import { describe, expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import type { PreCallWorkflow } from './definition.ts'
import { runAfter } from './run-after.ts'

const request = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound' as const,
    timestamp: '2026-03-02T15:04:05.000Z',
  },
  agent: { id: 'a', name: 'Support Agent' },
}

function start(after: PreCallWorkflow['after'], signal?: AbortSignal) {
  const clock = fakeClock()
  const workflow: PreCallWorkflow = {
    kind: 'pre-call',
    name: 'intake',
    budgetMs: null,
    parameters: {},
    fallback: {},
    connections: {},
    run: () => ({ parameters: {} }),
    ...(after === undefined ? {} : { after }),
  }
  const running = runAfter(workflow, {
    request,
    parameters: { name: 'Ada' },
    clock,
    startedAtMs: clock.monotonicMs() - 700,
    taken: ['contact'],
    ...(signal === undefined ? {} : { signal }),
  })
  return { clock, running }
}

describe('what is done after the answer', () => {
  test('sees what the agent was told, and its steps count from the start of the run', async () => {
    const { running } = start(({ step, parameters }) =>
      step('log', () => parameters['name']).then(() => undefined),
    )
    const { steps, error } = await running
    expect(error).toBeNull()
    expect(steps).toMatchObject([{ name: 'log', status: 'ok', startMs: 700, output: 'Ada' }])
  })

  test('is cut after 30 seconds (T2)', async () => {
    const { clock, running } = start(async ({ step }) => {
      await step('log', () => new Promise(() => undefined))
    })
    await clock.advance(30_000)
    const { steps, error } = await running
    expect(error).toContain('cut')
    expect(steps).toMatchObject([{ name: 'log', status: 'cut', durationMs: 30_000 }])
    expect(clock.pendingTimers).toBe(0)
  })

  test('is cut when the server stops', async () => {
    const stop = new AbortController()
    const { running } = start(async ({ step }) => {
      await step('log', () => new Promise(() => undefined))
    }, stop.signal)
    stop.abort()
    expect((await running).steps).toMatchObject([{ name: 'log', status: 'cut' }])
  })

  test('does not use the name of a step before the answer again', async () => {
    const { running } = start(({ step }) => step('contact', () => undefined))
    expect((await running).error).toBe('Step "contact" is used twice in one run')
  })
})
