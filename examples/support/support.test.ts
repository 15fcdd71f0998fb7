import { simulate, simulateJourney } from '@bookend/sdk/testing'
import { describe, expect, test } from 'vitest'

const intake = new URL('workflows/support-intake.pre-call.yaml', import.meta.url)
const after = new URL('workflows/after-support.journey.yaml', import.meta.url)

const ada = { first_name: 'Ada', plan: 'enterprise' }

describe('support-intake', () => {
  test('greets by name, with plan and open tickets', async () => {
    const { parameters, missing } = await simulate(
      intake,
      {},
      {
        'billing.row.query_one': ada,
        'desk.request.get': { status: 200, body: [{ id: 1 }, { id: 2 }] },
      },
    )
    expect(parameters).toEqual({
      customer_name: 'Ada',
      plan: 'enterprise',
      vip: true,
      open_tickets: 2,
    })
    expect(missing).toEqual([])
  })

  test('the desk hangs: the caller is still greeted by name, in time', async () => {
    const run = await simulate(
      intake,
      {},
      {
        'billing.row.query_one': ada,
        'desk.request.get': simulate.after('9s', { status: 200, body: [] }),
      },
    )
    expect(run.parameters).toMatchObject({ customer_name: 'Ada', vip: true, open_tickets: 0 })
    expect(run.step('tickets')).toBeCut()
    expect(run).toAnswerWithin('2.1s')
  })

  test('a caller who hides the number is asked to show it', async () => {
    const { routing } = await simulate(
      intake,
      { from_number: 'anonymous' },
      {
        'billing.row.query_one': null,
        'desk.request.get': { status: 200, body: [] },
      },
    )
    expect(routing.say).toContain('your number shown')
  })
})

test('after-support logs every call, and asks nobody about one that went well', async () => {
  const run = await simulateJourney(after, { call: { duration: 60 } })
  expect(run.status).toBe('completed')
  expect(run.effects).toMatchObject([{ step: 'log', input: { path: ['calls'] } }])
})
