import type { BacktestAnswer, BacktestedCall, DryRun } from '@bookend/contract'
import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ok, refuse } from '../../testing/fake-api.ts'
import { at, makeRun, makeStep, session, uuid } from '../../testing/fixtures.ts'
import { renderApp } from '../../testing/render-app.tsx'
import { partial } from '../../testing/scenes.ts'

const preCall = partial.trace.pre_call ?? makeRun()
const journey = makeRun({
  id: uuid(41),
  kind: 'journey',
  workflow: 'after-support',
  status: 'completed',
  deadline_ms: null,
  budget_ms: null,
  steps: [
    makeStep({ name: 'log call', output: { id: 'old' } }),
    makeStep({ name: 'decide', kind: 'human', output: { answer: { call_back: true } } }),
  ],
})

const answered: BacktestAnswer = {
  status: 'answered',
  parameters: { customer_name: 'Ada', open_tickets: 2 },
  outcome: { type: 'continue' },
  missing: [],
  duration_ms: 1_310,
  error: null,
}
const call: BacktestedCall = {
  run_id: preCall.id,
  call_id: uuid(20),
  from_number: '+15550100001',
  started_at: at(0),
  version: '9c07d1e2a4b5',
  budget_ms: 4_750,
  was: {
    ...answered,
    status: 'partial',
    parameters: { customer_name: 'Ada', open_tickets: 0 },
    missing: [{ name: 'open_tickets', reason: 'timed_out', step: 'tickets' }],
    duration_ms: 2_010,
  },
  now: answered,
  differs: ['status', 'parameters', 'missing'],
  changed: ['open_tickets'],
  gaps: [],
  steps: [makeStep({ name: 'tickets' })],
}
const backtest = (calls: BacktestedCall[], next_cursor: string | null = null) =>
  ok({ workflow: 'support-intake', version: 'feedfacefeedface', live: false, calls, next_cursor })

const dry: DryRun = {
  simulated: true,
  workflow: 'after-support',
  version: '51c07e2a99d1',
  status: 'completed',
  error: null,
  event: { type: 'call.completed', payload: {} },
  call_id: uuid(20),
  writes: [
    {
      step: 'log call',
      connection: 'hubspot/main',
      action: 'calls.log',
      input: {},
      request: { method: 'POST', url: 'https://api.hubapi.com/calls' },
    },
  ],
  emitted: [],
  tags: ['reviewed'],
  calls: [],
  waits: [],
  steps: [{ name: 'log call', kind: 'step', status: 'ok', output: null, error: null }],
  duration_ms: 12,
}

describe('a replay', () => {
  test('shows what differs, beside both charts, and that nothing was sent', async () => {
    const { api } = renderApp(`/replay?run=${preCall.id}`, {
      handlers: { getRun: () => ok(preCall), backtestWorkflow: () => backtest([call]) },
    })
    fireEvent.click(await screen.findByRole('button', { name: /^Replay on/ }))
    await screen.findByText('Nothing was sent.')
    expect(
      screen.getByRole('row', { name: /open_tickets changed 0 default: timed out 2/ }),
    ).toBeTruthy()
    expect(screen.queryByRole('row', { name: /customer_name/ })).toBeNull()
    fireEvent.click(screen.getByLabelText('Show all 2 parameters'))
    expect(screen.getByRole('row', { name: /customer_name "Ada" "Ada"/ })).toBeTruthy()
    expect(screen.getByText('700 ms faster, 35 %')).toBeTruthy()
    expect(screen.getAllByRole('table', { name: /answered/i })).toHaveLength(2)
    const asked = api.asked.find(({ name }) => name === 'backtestWorkflow')
    expect(asked?.body).toEqual({ run_id: preCall.id, live: false })
  })

  test('says which faults a text has, by line', async () => {
    renderApp(`/replay?run=${preCall.id}`, {
      handlers: {
        getRun: () => ok(preCall),
        backtestWorkflow: () =>
          refuse('invalid', 'The text is not a workflow', [
            { path: '3:1', message: 'unknown key' },
          ]),
      },
    })
    fireEvent.change(await screen.findByLabelText('Version'), { target: { value: 'text' } })
    fireEvent.change(screen.getByLabelText('Text to try'), { target: { value: 'on: pre-call' } })
    fireEvent.click(screen.getByRole('button', { name: 'Replay on your text' }))
    expect((await screen.findByRole('alert')).textContent).toContain('3:1 unknown key')
  })

  test('is not offered to who may only read', async () => {
    renderApp(`/replay?run=${preCall.id}`, {
      state: { session: { ...session, scopes: ['read'] } },
      handlers: { getRun: () => ok(preCall) },
    })
    expect(await screen.findByText('Your key may not replay')).toBeTruthy()
  })
})

test('a dry run shows every write and takes along what people answered', async () => {
  const { api } = renderApp(`/replay?run=${journey.id}`, {
    handlers: { getRun: () => ok(journey), dryRunWorkflow: () => ok(dry) },
  })
  fireEvent.click(await screen.findByRole('button', { name: /^Dry run on/ }))
  const writes = await screen.findByRole('list', { name: 'Captured writes' })
  expect(within(writes).getByText('hubspot/main · calls.log')).toBeTruthy()
  expect(within(writes).getByText('reviewed')).toBeTruthy()
  expect(screen.getByRole('row', { name: /decide changed .*not reached/ })).toBeTruthy()
  const asked = api.asked.find(({ name }) => name === 'dryRunWorkflow')
  expect(asked?.body).toMatchObject({
    answers: { decide: { call_back: true } },
    call_id: journey.call_id,
  })
})

test('a backtest goes on lot by lot, and links what differs', async () => {
  const { api } = renderApp('/backtest?workflow=support-intake', {
    handlers: {
      backtestWorkflow: ({ body }) =>
        (body as { cursor?: string }).cursor === undefined
          ? backtest([call, { ...call, run_id: uuid(90), differs: [], changed: [] }], 'next')
          : backtest([{ ...call, run_id: uuid(91), now: { ...answered, duration_ms: 5_000 } }]),
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: /^Backtest/ }))
  await screen.findByText('Nothing was sent.')
  expect(await screen.findAllByRole('link', { name: 'Replay' })).toHaveLength(2)
  expect(screen.getByText(/3 calls on feedface; no more are recorded/)).toBeTruthy()
  expect(screen.getByText(/^past 4/)).toBeTruthy()
  const bodies = api.asked.filter(({ name }) => name === 'backtestWorkflow').map(({ body }) => body)
  expect(bodies).toMatchObject([{ last: 20 }, { last: 20, cursor: 'next' }])
})
