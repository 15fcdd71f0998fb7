// What a run waits for that is no step of its own: an event, a person. And what it tells the others
// and leaves at its call.
//
//   recorded? ─▶ its outcome again
//      │ no
//      ▼
//   wait recorded ─▶ candidates ─▶ the first that matches │ null, once the time is over
//                       ▲  ▼
//                       rest, until woken
//
// W1. The journal says what came and how much time is left, so neither a restart nor a lost word of
//     it makes a difference (F29).
// W2. `match` is the author's code and runs here, never where events are taken in.
// W3. An event that is being stored while the wait is recorded may see no wait, and be seen by none:
//     the wait looks once more when any such transaction is long over.

import type { Json, JsonObject } from '@bookend/contract'
import { EVENT_TYPE, ownEventTypes } from '@bookend/contract'
import type { Clock } from '../kernel/clock.ts'
import { parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import { describeError } from './attempt.ts'
import type { HandoffResult, HumanOptions, JourneyEvent, WaitOptions } from './definition.ts'
import { parseHandoff } from './handoff-form.ts'
import type { JourneyJournal, JournalKind, JournalStep, StepOutcome, StepPlace } from './journal.ts'
import { CANDIDATES_MAX } from './journal.ts'
import { storableText, toJournalOutput } from './output.ts'

/** Time in which a run does nothing: when it is over, and when to look before that. */
export interface Lull {
  dueAtMs: number
  lookAtMs: number
}

/** What the steps of the run lend to its waits. */
export interface WaitTools {
  readonly clock: Clock
  readonly journal: JourneyJournal
  readonly place: (name: string) => StepPlace
  readonly recorded: (name: string, kind: JournalKind) => JournalStep | undefined
  readonly record: <T>(work: Promise<T>) => Promise<T>
  readonly whileBusy: <T>(work: Promise<T>) => Promise<T>
  readonly during: <T>(lull: Lull, work: () => Promise<T>) => Promise<T>
  readonly rest: (delayMs: number, seen: number) => Promise<void>
  readonly wakes: () => number
  readonly breakRule: (message: string) => WorkflowError
  readonly checked: <T>(read: () => T) => T
  readonly settle: (name: string, outcome: StepOutcome) => unknown
}

/** Longer than a transaction may take that stores an event. */
const LOOK_AGAIN_MS = 20_000
const TIMER_MAX_MS = 21_600_000
const TAG_MAX = 100

export function createWaits(tools: WaitTools) {
  const { clock, journal, place, record, whileBusy, breakRule, checked, settle } = tools

  /** Asks until there is an outcome; in between it rests for as long as `ask` says. */
  async function until(
    name: string,
    ask: () => Promise<StepOutcome | { readonly leftMs: number; readonly lookInMs: number }>,
  ): Promise<unknown> {
    const lull = { dueAtMs: 0, lookAtMs: 0 }
    const outcome = await tools.during(lull, async () => {
      for (;;) {
        const seen = tools.wakes()
        const asked = await whileBusy(ask())
        if ('status' in asked) return asked
        const nowMs = clock.monotonicMs()
        lull.dueAtMs = nowMs + asked.leftMs
        lull.lookAtMs = nowMs + Math.min(asked.leftMs, asked.lookInMs)
        await tools.rest(Math.min(asked.leftMs, asked.lookInMs, TIMER_MAX_MS), seen)
      }
    })
    return settle(name, outcome)
  }

  async function firstMatch(
    name: string,
    match: WaitOptions['match'],
  ): Promise<JourneyEvent | null> {
    for (let after: JourneyEvent | null = null; ;) {
      const page: readonly JourneyEvent[] = await record(journal.candidates(name, after))
      const found = page.find((event) => isMatch(match, event))
      if (found !== undefined) return found
      after = page.at(-1) ?? after
      if (page.length === CANDIDATES_MAX) continue
      if (after !== null) await record(journal.passOver(name, after))
      return null
    }
  }

  async function waitFor(name: string, eventType: string, options: WaitOptions): Promise<unknown> {
    const where = place(name)
    checkEventType(eventType)
    const { match, where: contains = {} } = options
    const limitMs = checked(() => parseDuration(options.within))
    const before = tools.recorded(name, 'wait')
    if (before?.status === 'ok') return before.output
    if (before?.status === 'failed') return settle(name, failed(before.error ?? ''))
    const spec = { eventType, where: contains, limitMs }
    const finish = (outcome: StepOutcome): Promise<StepOutcome> =>
      record(journal.finish(where, outcome, [], null))
    return await until(name, async () => {
      const { leftMs, ageMs } = await record(journal.wait(where, spec))
      let found: JourneyEvent | null
      try {
        found = await firstMatch(name, match)
      } catch (error) {
        if (!(error instanceof MatchError)) throw error
        return await finish(failed(`its \`match\` threw: ${describeError(error.cause)}`))
      }
      if (found !== null) return await finish({ status: 'ok', output: found.payload })
      if (leftMs <= 0) return await finish({ status: 'ok', output: null })
      return { leftMs, lookInMs: ageMs < LOOK_AGAIN_MS ? LOOK_AGAIN_MS - ageMs : Infinity }
    })
  }

  async function human(name: string, options: HumanOptions): Promise<unknown> {
    const where = place(name)
    const spec = checked(() => ({
      ...parseHandoff(name, options),
      limitMs: parseDuration(options.within),
    }))
    const before = tools.recorded(name, 'human')
    if (before?.status === 'ok') return before.output
    return await until(name, async () => {
      const { leftMs, result } = await record(journal.handoff(where, spec))
      if (result === null) return { leftMs, lookInMs: Infinity }
      const output = renderResult(result)
      return await record(journal.finish(where, { status: 'ok', output }, [], null))
    })
  }

  async function emit(name: string, eventType: string, payload?: JsonObject): Promise<string> {
    const where = place(name)
    checkEventType(eventType)
    if ((ownEventTypes as readonly string[]).includes(eventType)) {
      throw breakRule(`"${eventType}" is one of Bookend's own event types; emit another one`)
    }
    const content = checked(() => toJournalOutput(name, payload ?? {}))
    const before = tools.recorded(name, 'step')
    if (before?.status === 'ok') return before.output as string
    const spec = { type: eventType, payload: content as JsonObject }
    return settle(name, await whileBusy(record(journal.emit(where, spec)))) as string
  }

  function checkEventType(type: string): void {
    if (typeof type === 'string' && type.length <= 120 && EVENT_TYPE.test(type)) return
    throw breakRule(
      `"${String(type).slice(0, 80)}" is not an event type; write words joined by dots, such as sms.received`,
    )
  }

  async function tag(name: string, text: string): Promise<void> {
    const where = place(name)
    if (typeof text !== 'string' || text === '' || text.length > TAG_MAX) {
      throw breakRule(
        `Tag "${String(text).slice(0, 80)}" must be a text of 1 to ${TAG_MAX} characters`,
      )
    }
    const before = tools.recorded(name, 'step')
    if (before?.status === 'ok') return
    if (before?.status === 'failed') return void settle(name, failed(before.error ?? ''))
    settle(name, await whileBusy(record(journal.tag(where, storableText(text)))))
  }

  return { waitFor, human, emit, tag }
}

const failed = (error: string): StepOutcome => ({ status: 'failed', error })

const renderResult = (result: HandoffResult): Json => ({ ...result })

class MatchError extends Error {}

function isMatch(match: WaitOptions['match'], event: JourneyEvent): boolean {
  if (match === undefined) return true
  let answer: unknown
  try {
    answer = match(event.payload, event)
  } catch (cause) {
    throw new MatchError('match', { cause })
  }
  if (typeof answer === 'boolean') return answer
  if (answer instanceof Promise) answer.catch(() => undefined)
  throw new MatchError('match', {
    cause: new WorkflowError('it must answer true or false, at once'),
  })
}
