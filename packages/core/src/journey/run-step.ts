// A step over its attempts, and over executions of its run.
//
//   recorded? ─▶ its outcome again
//      │ no
//      ▼
//   slot ─▶ attempt counted ─▶ attempt ─▶ done │ fail ─▶ outcome recorded, the first one stands
//     ▲                                     │ again │ hold
//     ├──────── wait, over restarts ◀───────┘       │
//     └──────── until its connection is asked again ◀┘          ask ─▶ a receipt came? ─▶ done │ fail
//
// S1. A recorded outcome is not run for again (J3); a failed one fails again with the same words, so
//     that a journey that caught it goes on the same way.
// S2. An attempt is recorded before it runs, and each write of it before that is sent (F24).
// S3. An attempt that is over sends nothing more.
// S5. An attempt that met a paused connection was none: the step waits, and keeps all its tries.
// S6. A step that waits for a receipt makes no attempt any more, in this execution or another one.

import type { StepUse } from '../precall/steps.ts'
import type { AfterAttempt, AttemptEnding, StepPlan } from './attempt.ts'
import { afterAttempt, beforeAttempt, describeError, knownUntil, planStep } from './attempt.ts'
import type { JourneyStepOptions, JourneyStepScope } from './definition.ts'
import type { JournalAttempt, StepOutcome, StepPlace, StepWrite } from './journal.ts'
import { raceAttempt } from './race-attempt.ts'
import { HALTED, StepFailedError, type StepTools } from './step-tools.ts'
import type { JourneyStepsOptions } from './steps.ts'

const SUSPECT_CRASHES = 2
/** A step whose connection is paused tries by itself this often, should nobody wake it. */
const HELD_LOOK_MS = 600_000

type Run = (scope: JourneyStepScope) => unknown

interface Progress {
  readonly attempts: JournalAttempt[]
  writes: readonly StepWrite[]
}

/** What comes after an attempt: the outcome that stands, or another one when `rest` is over. */
type Next =
  | { readonly outcome: StepOutcome }
  | { readonly rest: { readonly kind: 'retry' | 'held' | 'unsure'; readonly waitMs: number } }

export function createStepRunner(
  options: JourneyStepsOptions,
  tools: StepTools,
  hasEnded: () => boolean,
) {
  const { clock, journal, stop } = options
  const { rests, record, whileBusy } = tools

  async function runStep(
    name: string,
    run: Run,
    stepOptions?: JourneyStepOptions,
  ): Promise<unknown> {
    const where = tools.place(name)
    const plan = tools.checked(() => planStep(name, stepOptions))
    const before = tools.recorded(name, 'step')
    if (before?.status === 'ok') return before.output
    if (before?.status === 'failed') throw new StepFailedError(name, before.error ?? '')
    const progress: Progress = {
      attempts: [...(before?.attempts ?? [])],
      writes: before?.writes ?? [],
    }
    if (before?.status === 'running') {
      const ending = { kind: 'cut', by: 'crash' } as const
      amendLast(progress, {
        error: 'the process ended in it',
        cut: 'crash',
        ...sentBy(ending, progress),
      })
      const next = await conclude(where, ending, progress, plan, null)
      if ('outcome' in next) return tools.settle(name, next.outcome)
      const { kind, waitMs } = next.rest
      if (kind === 'unsure') return await hearOf(where, progress, waitMs)
      if (waitMs > 0) await rests.delayRetry(waitMs)
    } else if (isUnsure(before?.attempts.at(-1))) {
      return await hearOf(where, progress, before?.waitMs ?? 0)
    } else if (before?.waitMs !== undefined && before.waitMs !== null) {
      await rests.delayRetry(before.waitMs)
    }
    for (;;) {
      const seen = rests.wakes
      const next = await whileBusy(runAttempt(where, run, plan, progress))
      if ('outcome' in next) return tools.settle(name, next.outcome)
      const { kind, waitMs } = next.rest
      if (kind === 'unsure') return await hearOf(where, progress, waitMs)
      if (kind === 'retry') await rests.delayRetry(waitMs)
      else await untilWoken(waitMs, seen)
    }
  }

  /** For as long as need be: the run need not stay in memory for it. */
  async function untilWoken(lookInMs: number, seen: number): Promise<void> {
    const lookAtMs = clock.monotonicMs() + lookInMs
    await rests.during({ dueAtMs: lookAtMs, lookAtMs }, () => rests.rest(lookInMs, seen))
  }

  /** Until a receipt says that it was done, or the time for it is over (S6). */
  async function hearOf(where: StepPlace, progress: Progress, waitMs: number): Promise<unknown> {
    const dueAtMs = clock.monotonicMs() + waitMs
    const words = progress.attempts.at(-1)?.error ?? ''
    const outcome = await rests.during({ dueAtMs, lookAtMs: dueAtMs }, async () => {
      for (;;) {
        const seen = rests.wakes
        const leftMs = dueAtMs - clock.monotonicMs()
        const error = leftMs > 0 ? null : words
        const found = await whileBusy(record(journal.confirm(where, error)))
        if (found !== null) return found
        await rests.rest(leftMs, seen)
      }
    })
    return tools.settle(where.name, outcome)
  }

  async function conclude(
    where: StepPlace,
    ending: AttemptEnding,
    progress: Progress,
    plan: StepPlan,
    use: StepUse | null,
  ): Promise<Next> {
    const { attempts, writes } = progress
    const history = { failures: countFailures(attempts), crashes: countCrashes(attempts), writes }
    const moment = { now: clock.now(), random: options.random() }
    return await follow(where, ending, afterAttempt(ending, history, plan, moment), progress, use)
  }

  async function follow(
    where: StepPlace,
    ending: AttemptEnding | null,
    next: AfterAttempt,
    { attempts }: Progress,
    use: StepUse | null,
  ): Promise<Next> {
    const finish = async (outcome: StepOutcome): Promise<Next> => ({
      outcome: await record(journal.finish(where, outcome, attempts, use)),
    })
    switch (next.kind) {
      case 'done':
        return await finish({ status: 'ok', output: next.output })
      case 'fail':
        return await finish({ status: 'failed', error: next.error })
      case 'ask':
      case 'hold':
      case 'again':
        if (hasEnded()) return await finish({ status: 'failed', error: next.error })
        return { rest: await putOff(where, ending, next, attempts) }
    }
  }

  async function putOff(
    { name }: StepPlace,
    ending: AttemptEnding | null,
    next: Extract<AfterAttempt, { kind: 'ask' | 'hold' | 'again' }>,
    attempts: JournalAttempt[],
  ): Promise<{ kind: 'retry' | 'held' | 'unsure'; waitMs: number }> {
    if (next.kind === 'ask') {
      amendLast({ attempts }, { error: next.error, unsure: true })
      await record(journal.postpone(name, attempts, next.waitMs))
      return { kind: 'unsure', waitMs: next.waitMs }
    }
    if (next.kind === 'hold') {
      attempts.pop()
      await record(journal.hold(name, attempts, next.connection))
      return { kind: 'held', waitMs: HELD_LOOK_MS }
    }
    // A cut attempt goes on at once: the attempt that follows is recorded in its place.
    const isAtOnce = ending?.kind === 'cut' && ending.by === 'crash' && next.waitMs === 0
    if (isAtOnce) return { kind: 'retry', waitMs: 0 }
    await record(journal.postpone(name, attempts, next.waitMs))
    return { kind: 'retry', waitMs: next.waitMs }
  }

  async function runAttempt(
    where: StepPlace,
    run: Run,
    plan: StepPlan,
    progress: Progress,
  ): Promise<Next> {
    const { attempts } = progress
    const release = await options.slots.take(countCrashes(attempts) >= SUSPECT_CRASHES)
    try {
      if (stop.aborted || hasEnded() || tools.isBroken) throw HALTED
      const instead = beforeAttempt(attempts, progress.writes, plan, clock.now())
      if (instead !== null) return await follow(where, null, instead, progress, null)
      attempts.push({
        attempt: attempts.length + 1,
        started_at: clock.now().toISOString(),
        duration_ms: 0,
        error: null,
      })
      progress.writes = []
      await record(journal.begin({ ...where, limitMs: plan.timeoutMs }, attempts))
      const startedAtMs = clock.monotonicMs()
      const uses: StepUse[] = []
      const ending = await raceAttempt(options, {
        name: where.name,
        run,
        timeoutMs: plan.timeoutMs,
        attempt: attempts.length,
        note: (use) => void uses.push(use),
        announce(write) {
          progress.writes = [...progress.writes, write]
          return record(journal.announce(where.name, progress.writes))
        },
      })
      if (tools.isBroken) throw HALTED
      amendLast(progress, {
        duration_ms: clock.monotonicMs() - startedAtMs,
        error: describeEnding(ending, plan),
        ...(ending.kind === 'cut' ? { cut: ending.by } : {}),
        ...sentBy(ending, progress),
      })
      return await conclude(where, ending, progress, plan, uses[0] ?? null)
    } finally {
      release()
    }
  }

  return runStep
}

const isUnsure = (last: JournalAttempt | undefined): boolean =>
  last?.unsure === true && last.closed === undefined

/** What is noted of what the last attempt may have sent. */
function sentBy(ending: AttemptEnding, { attempts, writes }: Progress): Partial<JournalAttempt> {
  const startedAt = attempts.at(-1)?.started_at
  const until = startedAt && knownUntil(ending, writes, new Date(startedAt))
  return until === undefined || until === '' ? {} : { known_until: until }
}

const countFailures = (attempts: readonly JournalAttempt[]): number =>
  attempts.filter(
    ({ error, cut, closed }) => error !== null && cut === undefined && closed === undefined,
  ).length

const countCrashes = (attempts: readonly JournalAttempt[]): number =>
  attempts.filter(({ cut, closed }) => cut === 'crash' && closed === undefined).length

function amendLast(progress: Pick<Progress, 'attempts'>, change: Partial<JournalAttempt>): void {
  const last = progress.attempts.pop()
  if (last !== undefined) progress.attempts.push({ ...last, ...change })
}

function describeEnding(ending: AttemptEnding, plan: StepPlan): string | null {
  switch (ending.kind) {
    case 'returned':
      return null
    case 'timed_out':
      return `took longer than ${plan.timeoutMs} ms`
    case 'cut':
      return 'it was stopped with the process'
    case 'threw':
      return describeError(ending.error)
  }
}
