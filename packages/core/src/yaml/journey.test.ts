import { describe, expect, test } from 'vitest'
import type { JsonObject } from '@bookend/contract'
import type {
  HandoffResult,
  JourneyCall,
  JourneyContext,
  JourneyEvent,
  WaitOptions,
} from '../journey/definition.ts'
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

const TALK = `
workflow: after
on: call.completed
once: \${{ call.uuid + "/talk" }}
connections: { echo: echo/main }
steps:
  marked: { tag: "sentiment \${{ call.analysis.sentiment }}" }
  callback:
    human:
      title: Call back \${{ call.from_number }}?
      assign: team:leads
      form: { decision: { enum: [call-back, close] }, note: { type: string, optional: true } }
      within: 4h
  page: { if: steps.callback.status == "expired", use: echo.value.put, with: { text: nobody } }
  ticket:
    if: steps.callback.status == "answered" && steps.callback.answer.decision == "call-back"
    use: echo.value.put
    with: { note: "\${{ steps.callback.answer.note }}", by: "\${{ steps.callback.answered_by }}" }
  rating:
    wait_for: sms.received
    where: { from: "\${{ call.from_number }}" }
    match: int(event.text) <= 5
    within: 24h
  recovery:
    if: steps.rating.status == "received" && int(steps.rating.event.text) <= 2
    emit: caller.unhappy
    with: { stars: "\${{ int(steps.rating.event.text) }}" }
`

interface Heard {
  readonly answer: HandoffResult
  readonly events: readonly JsonObject[]
}

/** One execution in which every wait is over at once. */
async function hear({ answer, events }: Heard) {
  const seen: Record<string, unknown> = {}
  const puts: unknown[] = []
  const context: Partial<JourneyContext> = {
    runId: 'r1',
    event,
    call,
    step: async (_, run) => run({ signal: never, attempt: 1, key: 'k' }),
    sleep: async () => undefined,
    human: (async (name: string, options: unknown) => {
      seen[name] = options
      return answer
    }) as JourneyContext['human'],
    waitFor: (async (name: string, eventType: string, { match, ...options }: WaitOptions) => {
      seen[name] = { eventType, ...options }
      return events.find((payload) => match?.(payload, event) ?? true) ?? null
    }) as JourneyContext['waitFor'],
    emit: async (_, eventType, payload) => {
      puts.push([eventType, payload])
      return 'e2'
    },
    tag: async (name, tag) => {
      seen[name] = tag
    },
    connections: { echo: { value: { put: async (input: unknown) => void puts.push(input) } } },
  }
  await journeyOf(TALK).run(context as JourneyContext)
  return { seen, puts }
}

const answered = (answer: JsonObject): HandoffResult => ({
  status: 'answered',
  answer,
  answered_by: 'Ada',
  answered_at: '2026-11-26T12:00:00Z',
})

describe('a journey in YAML that waits', () => {
  test('asks a person, and hears of the first event that matches', async () => {
    const events = [{ from: '+15550100001' }, { text: '9' }, { text: '2' }]
    const { seen, puts } = await hear({ answer: answered({ decision: 'call-back' }), events })
    expect(journeyOf(TALK).onceOf?.({ event, call })).toBe('c1/talk')
    expect(seen).toEqual({
      marked: 'sentiment negative',
      callback: {
        title: 'Call back +15550100001?',
        assign: 'team:leads',
        within: '4h',
        form: {
          type: 'object',
          properties: {
            decision: { type: 'string', enum: ['call-back', 'close'] },
            note: { type: 'string' },
          },
          required: ['decision'],
          additionalProperties: false,
        },
      },
      rating: { eventType: 'sms.received', where: { from: '+15550100001' }, within: '24h' },
    })
    expect(puts).toEqual(
      expect.arrayContaining([{ note: null, by: 'Ada' }, ['caller.unhappy', { stars: 2 }]]),
    )
    expect(puts).toHaveLength(2)
  })

  test('goes on when nobody answers and nothing comes', async () => {
    const { puts } = await hear({ answer: { status: 'expired' }, events: [] })
    expect(puts).toEqual([{ text: 'nobody' }])
  })

  test('is told what is wrong with a question, a wait or an event', () => {
    const text = `
workflow: after
on: call.completed
steps:
  ask: { human: { title: Call back?, within: 4 hours, frm: {} } }
  odd: { human: { title: "\${{ now() }}", assign: "*", form: { a: {}, b: { type: strng } }, within: 1h } }
  rating: { wait_for: sms, match: event.from = call.form_number }
  tell: { emit: call.completed, with: { x: "\${{ steps.ask.answer.decison }}" } }
`
    expect(problemsOf(text, { file: 'after.journey.yaml' })).toMatchInlineSnapshot(`
      [
        "f:5:10 steps.ask.human: it needs "form"",
        "f:5:46 steps.ask.human.within: "4 hours" is not a duration (write 250ms, 2s, 10m, 4h or 7d)",
        "f:5:55 steps.ask.human.frm: there is no field "frm" (did you mean "form"?)",
        "f:6:17 steps.odd.human: "assign" is a name of at most 100 characters, such as team:support-leads",
        "f:6:17 steps.odd.human: the time may be another one when the run goes on after a restart (put it in a step with "value", and look at that step here)",
        "f:6:63 steps.odd.human.form.a: the field has no type (write { type: string } or { enum: [a, b] })",
        "f:6:81 steps.odd.human.form.b.type: "strng" is not known here (did you mean "string"?)",
        "f:7:3 steps.rating: it needs "within"",
        "f:7:23 steps.rating.wait_for: "sms" is not an event type (write words joined by dots, such as sms.received)",
        "f:7:46 steps.rating.match: this is not CEL: unexpected character: = (compare with ==)",
        "f:8:17 steps.tell.emit: "call.completed" is one of Bookend's own event types (emit another one)",
        "f:8:49 steps.tell.with.x: there is no field "decison"",
      ]
    `)
  })
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
