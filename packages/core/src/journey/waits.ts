// What a run waits for that is no step of its own: a moment, an event, a person.
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

import type { Json } from '@bookend/contract'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import { describeError } from './attempt.ts'
import type {
  AskedHandoff,
  HandoffResult,
  HumanOptions,
  JourneyEvent,
  JourneyStepScope,
  WaitOptions,
} from './definition.ts'
import { parseHandoff } from './handoff-form.ts'
import { requireEventType } from './event-type.ts'
import { CANDIDATES_MAX, type StepOutcome } from './journal.ts'
import type { StepTools } from './step-tools.ts'

/** Starts a step beside the others; how it ends is for the record alone. */
export type StartStep = (name: string, run: (scope: JourneyStepScope) => unknown) => void

/** Longer than a transaction may take that stores an event. */
const LOOK_AGAIN_MS = 20_000
/** Timers hold at most some 24 days, and long ones are read anew from the journal. */
const TIMER_MAX_MS = 21_600_000

export function createWaits(tools: StepTools, startStep: StartStep) {
  const { clock, journal, rests, place, record, whileBusy, breakRule, checked, settle } = tools

  async function sleep(name: string, duration: Duration): Promise<void> {
    const where = place(name)
    const durationMs = checked(() => parseDuration(duration))
    if (tools.recorded(name, 'sleep')?.status === 'ok') return
    for (;;) {
      const leftMs = await record(journal.sleep(where, durationMs))
      if (leftMs <= 0) break
      await rests.delay(Math.min(leftMs, TIMER_MAX_MS))
    }
    await record(journal.wake(name))
  }

  /** Asks until there is an outcome; in between it rests for as long as `ask` says. */
  async function until(
    name: string,
    ask: () => Promise<StepOutcome | { readonly leftMs: number; readonly lookInMs: number }>,
  ): Promise<unknown> {
    const lull = { dueAtMs: 0, lookAtMs: 0 }
    const outcome = await rests.during(lull, async () => {
      for (;;) {
        const seen = rests.wakes
        const asked = await whileBusy(ask())
        if ('status' in asked) return asked
        const nowMs = clock.monotonicMs()
        lull.dueAtMs = nowMs + asked.leftMs
        lull.lookAtMs = nowMs + Math.min(asked.leftMs, asked.lookInMs)
        await rests.rest(Math.min(asked.leftMs, asked.lookInMs, TIMER_MAX_MS), seen)
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
    requireEventType(eventType, breakRule)
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

  /** Once an execution: the step itself is run once in all. */
  function createNotice(name: string, { notify }: HumanOptions): (asked: AskedHandoff) => void {
    let isStarted = notify === undefined
    return (asked) => {
      if (isStarted) return
      isStarted = true
      startStep(`${name}.notify`, (scope) => notify?.(asked, scope))
    }
  }

  async function human(name: string, options: HumanOptions): Promise<unknown> {
    const where = place(name)
    const spec = checked(() => ({
      ...parseHandoff(name, options),
      limitMs: parseDuration(options.within),
    }))
    const before = tools.recorded(name, 'human')
    if (before?.status === 'ok') return before.output
    const notice = createNotice(name, options)
    return await until(name, async () => {
      const { leftMs, result, asked } = await record(journal.handoff(where, spec))
      if (result === null) {
        notice(asked)
        return { leftMs, lookInMs: Infinity }
      }
      const output = renderResult(result)
      return await record(journal.finish(where, { status: 'ok', output }, [], null))
    })
  }

  return { sleep, waitFor, human }
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
