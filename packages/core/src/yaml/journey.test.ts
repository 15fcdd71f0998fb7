import { describe, expect, test } from 'vitest'
import type { JourneyCall, JourneyContext, JourneyEvent } from '../journey/definition.ts'
import { type JourneyEnding, runJourney } from '../journey/run.ts'
import type { Clock } from '../kernel/clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { type MemoryRun, memoryRun } from '../testing/memory-journal.ts'
import { journeyOf, problemsOf } from './testing/parse.ts'

const AFTER = `
workflow: after
on: call.completed
if: call.duration > 5
key: \${{ call.from_number }}
connections: { crm: crm/main, echo: echo/main }

steps:
  log-call: { use: crm.call.log, with: { call: "\${{ call }}" } }
  wait: { needs: log-call, sleep: 10m }
  sad: { value: '\${{ call.analysis.sentiment == "negative" }}' }
  open: { value: "\${{ now() > timestamp('2026-01-01T00:00:00Z') }}" }
  tell:
    needs: wait
    if: steps.sad && steps.open
    use: echo.value.put
    with: { text: "See \${{ steps['log-call'].url }}" }
    retry: { attempts: 2, backoff: fixed, first: 1s }
  recover:
    if: steps.tell.status == "failed"
    use: echo.value.put
    with: { text: it failed }
`

const event: JourneyEvent = {
  event_id: 'e1',
  event_type: 'call.completed',
  created_at: '2026-11-26T12:00:00Z',
  payload: {},
}
const call = {
  uuid: 'c1',
  from_number: '+15550100001',
  duration: 60,
  analysis: { sentiment: 'negative' },
} as unknown as JourneyCall

type Put = (input: unknown) => Promise<unknown>

const never = new AbortController().signal

function start(put: Put, clock: Clock, run: MemoryRun): Promise<JourneyEnding> {
  const connections: JourneyContext['connections'] = {
    crm: { call: { log: async () => ({ url: 'https://crm.example/1' }) } },
    echo: { value: { put } },
  }
  return runJourney(
    journeyOf(AFTER),
    { runId: 'r1', event, call, connections },
    {
      clock,
      journal: run.open(),
      slots: { take: async () => () => undefined },
      random: () => 0,
      enter: (_, work) => work(),
      stop: never,
      abort: never,
      isPressed: () => false,
    },
  )
}

async function finish(put: Put): Promise<{ ending: JourneyEnding; inputs: unknown[] }> {
  const inputs: unknown[] = []
  const clock = fakeClock()
  const run = memoryRun(clock)
  for (let turn = 0; turn < 5; turn += 1) {
    const ending = start((input) => (inputs.push(input), put(input)), clock, run)
    await clock.advance(700_000)
    const reached = await ending
    if (reached.kind !== 'parked') return { ending: reached, inputs }
  }
  throw new Error('it never ends')
}

describe('a journey in YAML', () => {
  test('starts on what its `if` says, with its key; what cannot be told is no match', () => {
    const after = journeyOf(AFTER)
    expect(after.on).toBe('call.completed')
    expect(after.matches({ event, call })).toBe(true)
    expect(after.matches({ event, call: { ...call, duration: 5 } })).toBe(false)
    expect(after.matches({ event, call: { ...call, duration: null } })).toBe(false)
    expect(after.keyOf({ event, call })).toBe('+15550100001')
  })

  test('runs its steps in order over recorded outcomes, and sleeps', async () => {
    const { ending, inputs } = await finish(async () => null)
    expect(ending).toEqual({ kind: 'completed' })
    expect(inputs).toEqual([{ text: 'See https://crm.example/1' }])
  })

  test('a failed step is no failed run when another looks at its status', async () => {
    const { ending, inputs } = await finish(async (input) => {
      if (JSON.stringify(input).includes('See')) throw new Error('down')
      return null
    })
    expect(ending).toEqual({ kind: 'completed' })
    expect(inputs).toHaveLength(3)
    expect(inputs[2]).toEqual({ text: 'it failed' })
  })

  test('a failed step that nobody looks at fails the run', async () => {
    const { ending } = await finish(async () => Promise.reject(new Error('down')))
    expect(ending).toMatchObject({ kind: 'failed', error: expect.stringContaining('recover') })
  })
})

test('what is not there yet is checked, and refused by name', () => {
  const text = `
workflow: after
on: call.completed
steps:
  ask: { human: { title: Call back?, within: 4 hours, frm: {} } }
  rating: { wait_for: sms.received, match: event.from == call.from_number, within: 24h }
`
  expect(problemsOf(text, { file: 'after.journey.yaml' })).toEqual([
    'f:5:10 steps.ask.human: "human" is not yet available',
    'f:5:46 steps.ask.human.within: "4 hours" is not a duration (write 250ms, 2s, 10m, 4h or 7d)',
    'f:5:55 steps.ask.human.frm: there is no field "frm" (did you mean "form"?)',
    'f:6:13 steps.rating.wait_for: "wait_for" is not yet available',
  ])
})

test('a choice between steps does not read the time (J3)', () => {
  const text = `
workflow: after
on: call.completed
connections: { echo: echo/main }
steps:
  tell: { if: "now() > timestamp(call.created_at)", use: echo.value.put }
`
  expect(problemsOf(text, { file: 'after.journey.yaml' })).toEqual([
    'f:6:15 steps.tell.if: the time may be another one when the run goes on after a restart (put it in a step with "value", and look at that step here)',
  ])
})
