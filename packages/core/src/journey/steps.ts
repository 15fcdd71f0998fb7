// The steps of one execution of a run, over what earlier executions recorded.
//
//   name ─▶ recorded? ─▶ its outcome again
//              │ no
//              ▼
//   slot ─▶ attempt counted ─▶ attempt ─▶ done │ fail ─▶ outcome recorded, the first one stands
//     ▲                                     │ again
//     └───────── wait, over restarts ◀──────┘
//
// S1. A recorded outcome is not run for again (J3); a failed one fails again with the same words, so
//     that a journey that caught it goes on the same way.
// S2. An attempt is recorded before it runs, and each write of it before that is sent (F24).
// S3. An attempt that is over sends nothing more.
// S4. When the execution is halted, steps neither resolve nor reject: code between them is left
//     where it stands, and the next execution comes by again.

import type { Clock } from '../kernel/clock.ts'
import { BookendError, WorkflowError } from '../kernel/error.ts'
import { parseDuration } from '../kernel/duration.ts'
import type { Duration } from '../kernel/duration.ts'
import type { StepUse } from '../precall/steps.ts'
import type { AttemptEnding, StepPlan } from './attempt.ts'
import { afterAttempt, describeError, planStep } from './attempt.ts'
import type {
  EmitFunction,
  HumanFunction,
  JourneyStepFunction,
  JourneyStepOptions,
  JourneyStepScope,
  WaitForFunction,
  TagFunction,
} from './definition.ts'
import type {
  JournalAttempt,
  JourneyJournal,
  JournalKind,
  JournalStep,
  StepOutcome,
  StepWrite,
} from './journal.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import { raceAttempt } from './race-attempt.ts'
import { createWaits, type Lull } from './waits.ts'

/** Letters, digits and `_-.:`, at most 64 of them. */
export const STEP_NAME = /^[A-Za-z0-9_.:-]{1,64}$/

/** A step of a journey failed for good; the same error on every execution of the run. */
export class StepFailedError extends BookendError {
  override readonly name = 'StepFailedError'
  readonly code = 'step_failed'
  readonly retryable = false
  readonly step: string

  constructor(step: string, detail: string) {
    super(`Step "${step}" failed: ${detail}`)
    this.step = step
  }
}

/** Bounds how many attempts run at once; a suspect, which ended its process before, runs alone. */
export interface AttemptSlots {
  take(isSuspect: boolean): Promise<() => void>
}

export interface JourneyStepsOptions {
  readonly runId: string
  /** Names the run's subject, the same on a replay. */
  readonly subject: string
  readonly clock: Clock
  readonly journal: JourneyJournal
  readonly recorded: readonly JournalStep[]
  readonly slots: AttemptSlots
  /** From 0 to 1, for the jitter of waits. */
  random(): number
  enter<T>(step: ActiveJourneyStep, run: () => T): T
  /** No attempt starts any more. */
  readonly stop: AbortSignal
  /** Running attempts are told to end; aborted after `stop` at the earliest. */
  readonly abort: AbortSignal
  /** The journal refused: nothing of this execution counts any more. */
  onBroken(error: unknown): void
  /** How many attempts run, and how many steps wait, has changed. */
  onActivity(active: number, waiting: number): void
}

export interface JourneySteps {
  readonly step: JourneyStepFunction
  readonly sleep: (name: string, duration: Duration) => Promise<void>
  readonly waitFor: WaitForFunction
  readonly human: HumanFunction
  readonly emit: EmitFunction
  readonly tag: TagFunction
  /** Steps that have neither ended nor been given up. */
  readonly open: number
  /** The first moment at which a wait ends, by the clock's monotonic reading; null without one. */
  readonly nextWakeMs: number | null
  /** The first moment at which a wait has to be looked at, which may be before it ends. */
  readonly nextLookMs: number | null
  /** Whether a step waits for its next attempt. */
  readonly isRetrying: boolean
  /** Something that is waited for may have come. */
  wake(): void
  /** The first break of the language's rules, which fails the run even when it is caught. */
  readonly misuse: WorkflowError | null
  /** No step starts any more and none is tried again; running attempts record how they end. */
  end(): void
  /** Resolves when no attempt is running. */
  quiet(): Promise<void>
  /** Resolves when no step is open. */
  settled(): Promise<void>
}

const SUSPECT_CRASHES = 2
/** Timers hold at most some 24 days, and long ones are read anew from the journal. */
const TIMER_MAX_MS = 21_600_000
/** Unwinds a halted step without telling the journey's code (S4). */
const HALTED = Symbol('halted')

interface Progress {
  readonly attempts: JournalAttempt[]
  writes: readonly StepWrite[]
}

export function startJourneySteps(options: JourneyStepsOptions): JourneySteps {
  const { clock, journal, stop } = options
  const recorded = new Map(options.recorded.map((step) => [step.name, step]))
  const names = new Set<string>()
  const open = new Set<Promise<unknown>>()
  const busy = new Set<Promise<unknown>>()
  const timers = new Map<() => void, number>()
  const lulls = new Set<Lull>()
  const wakers = new Set<() => void>()
  let wakes = 0
  let waiting = 0
  let retrying = 0
  let isBroken = false
  let hasEnded = false
  let misuse: WorkflowError | null = null

  const changed = (): void => options.onActivity(busy.size, waiting)

  function breakRule(message: string): WorkflowError {
    const error = new WorkflowError(message)
    misuse ??= error
    return error
  }

  function place(name: string) {
    if (typeof name !== 'string' || !STEP_NAME.test(name)) {
      throw breakRule(
        `"${String(name).slice(0, 80)}" is not a step name; use letters, digits and _-.: (at most 64)`,
      )
    }
    if (names.has(name)) throw breakRule(`Step "${name}" is used twice in one run`)
    names.add(name)
    return { name, position: recorded.has(name) ? 0 : recorded.size + names.size }
  }

  /** What the journal says, or a halt: an answer that cannot be recorded is none (S4). */
  async function record<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (!isBroken) options.onBroken(error)
      isBroken = true
      throw HALTED
    }
  }

  async function delay(delayMs: number): Promise<void> {
    waiting += 1
    changed()
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(delayMs, () => {
        timers.delete(cancel)
        resolve()
      })
      timers.set(cancel, clock.monotonicMs() + delayMs)
    })
    waiting -= 1
    changed()
  }

  async function delayRetry(delayMs: number): Promise<void> {
    retrying += 1
    await delay(delayMs)
    retrying -= 1
  }

  /** Waits as part of a lull, until `delayMs` have passed or something was heard since `seen`. */
  function rest(delayMs: number, seen: number): Promise<void> {
    if (wakes !== seen) return Promise.resolve()
    return new Promise<void>((resolve) => {
      const end = (): void => {
        cancel()
        timers.delete(cancel)
        wakers.delete(end)
        resolve()
      }
      const cancel = clock.setTimer(delayMs, end)
      timers.set(cancel, Infinity)
      wakers.add(end)
    })
  }

  async function during<T>(lull: Lull, work: () => Promise<T>): Promise<T> {
    lulls.add(lull)
    waiting += 1
    changed()
    try {
      return await work()
    } finally {
      lulls.delete(lull)
      waiting -= 1
      changed()
    }
  }

  function settle(name: string, outcome: StepOutcome): unknown {
    if (outcome.status === 'ok') return outcome.output
    throw new StepFailedError(name, outcome.error)
  }

  async function runStep(
    name: string,
    run: (scope: JourneyStepScope) => unknown,
    stepOptions?: JourneyStepOptions,
  ): Promise<unknown> {
    const where = place(name)
    const plan = checked(() => planStep(name, stepOptions))
    const before = recorded.get(name)
    sameKind(before, 'step')
    if (before?.status === 'ok') return before.output
    if (before?.status === 'failed') throw new StepFailedError(name, before.error ?? '')
    const progress: Progress = {
      attempts: [...(before?.attempts ?? [])],
      writes: before?.writes ?? [],
    }
    if (before?.status === 'running') {
      amendLast(progress, { error: 'the process ended in it', cut: 'crash' })
      const next = await conclude(where, { kind: 'cut', by: 'crash' }, progress, plan, null)
      if (typeof next !== 'number') return settle(name, next)
    } else if (before?.waitMs !== undefined && before.waitMs !== null) {
      await delayRetry(before.waitMs)
    }
    for (;;) {
      const next = await whileBusy(runAttempt(where, run, plan, progress))
      if (typeof next !== 'number') return settle(name, next)
      await delayRetry(next)
    }
  }

  function sameKind(before: JournalStep | undefined, kind: JournalKind): void {
    if (before === undefined || before.kind === kind) return
    throw breakRule(
      `"${before.name}" was a ${KIND_WORDS[before.kind]} before, and is a ${KIND_WORDS[kind]} now`,
    )
  }

  async function whileBusy<T>(work: Promise<T>): Promise<T> {
    busy.add(work)
    changed()
    try {
      return await work
    } finally {
      busy.delete(work)
      changed()
    }
  }

  /** The outcome that stands, or the milliseconds until the next attempt. */
  async function conclude(
    where: { name: string; position: number },
    ending: AttemptEnding,
    progress: Progress,
    plan: StepPlan,
    use: StepUse | null,
  ): Promise<StepOutcome | number> {
    const { attempts, writes } = progress
    const history = {
      failures: attempts.filter(
        ({ error, cut, closed }) => error !== null && cut === undefined && closed === undefined,
      ).length,
      crashes: countCrashes(attempts),
      writes,
    }
    const next = afterAttempt(ending, history, plan, {
      now: clock.now(),
      random: options.random(),
    })
    const finish = (outcome: StepOutcome): Promise<StepOutcome> =>
      record(journal.finish(where, outcome, attempts, use))
    switch (next.kind) {
      case 'done':
        return finish({ status: 'ok', output: next.output })
      case 'fail':
        return finish({ status: 'failed', error: next.error })
      case 'again':
        if (hasEnded) return finish({ status: 'failed', error: next.error })
        // A cut attempt goes on at once: the attempt that follows is recorded in its place.
        if (ending.kind === 'cut' && ending.by === 'crash') return 0
        await record(journal.postpone(where.name, attempts, next.waitMs))
        return next.waitMs
    }
  }

  async function runAttempt(
    where: { name: string; position: number },
    run: (scope: JourneyStepScope) => unknown,
    plan: StepPlan,
    progress: Progress,
  ): Promise<StepOutcome | number> {
    const { attempts } = progress
    const release = await options.slots.take(countCrashes(attempts) >= SUSPECT_CRASHES)
    try {
      if (stop.aborted || hasEnded || isBroken) throw HALTED
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
      if (isBroken) throw HALTED
      amendLast(progress, {
        duration_ms: clock.monotonicMs() - startedAtMs,
        error: describeEnding(ending, plan),
        ...(ending.kind === 'cut' ? { cut: ending.by } : {}),
      })
      return await conclude(where, ending, progress, plan, uses[0] ?? null)
    } finally {
      release()
    }
  }

  async function runSleep(name: string, duration: Duration): Promise<void> {
    const where = place(name)
    const durationMs = checked(() => parseDuration(duration))
    const before = recorded.get(name)
    sameKind(before, 'sleep')
    if (before?.status === 'ok') return
    for (;;) {
      const leftMs = await record(journal.sleep(where, durationMs))
      if (leftMs <= 0) break
      await delay(Math.min(leftMs, TIMER_MAX_MS))
    }
    await record(journal.wake(name))
  }

  function checked<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof WorkflowError) misuse ??= error
      throw error
    }
  }

  function start<T>(run: () => Promise<T>): Promise<T> {
    const outcome = new Promise<T>((resolve, reject) => {
      if (hasEnded || stop.aborted) return
      const work = run()
      open.add(work)
      const forget = (): void => {
        open.delete(work)
        changed()
      }
      work.then(
        (value) => {
          resolve(value)
          forget()
        },
        (error: unknown) => {
          if (error === HALTED) return
          reject(error)
          forget()
        },
      )
    })
    // A step that nobody awaits fails for itself; its rejection must not end the process.
    outcome.catch(() => undefined)
    return outcome
  }

  const waits = createWaits({
    clock,
    journal,
    place,
    record,
    whileBusy,
    during,
    rest,
    breakRule,
    checked,
    recorded(name, kind) {
      const before = recorded.get(name)
      sameKind(before, kind)
      return before
    },
    wakes: () => wakes,
    settle,
  })

  return {
    step: ((name, run, stepOptions) =>
      start(() => runStep(name, run, stepOptions))) as JourneyStepFunction,
    sleep: (name, duration) => start(() => runSleep(name, duration)),
    waitFor: ((name, eventType, waitOptions) =>
      start(() => waits.waitFor(name, eventType, waitOptions))) as WaitForFunction,
    human: ((name, humanOptions) => start(() => waits.human(name, humanOptions))) as HumanFunction,
    emit: (name, eventType, payload) => start(() => waits.emit(name, eventType, payload)),
    tag: (name, text) => start(() => waits.tag(name, text)),
    get open() {
      return open.size
    },
    get nextWakeMs() {
      return earliest([...timers.values(), ...[...lulls].map(({ dueAtMs }) => dueAtMs)])
    },
    get nextLookMs() {
      return earliest([...timers.values(), ...[...lulls].map(({ lookAtMs }) => lookAtMs)])
    },
    get isRetrying() {
      return retrying > 0
    },
    wake() {
      if (hasEnded) return
      wakes += 1
      for (const end of wakers) end()
    },
    get misuse() {
      return misuse
    },
    end() {
      hasEnded = true
      for (const cancel of timers.keys()) cancel()
      timers.clear()
    },
    async quiet() {
      while (busy.size > 0) await Promise.allSettled(busy)
    },
    async settled() {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}

const KIND_WORDS = {
  step: 'step',
  sleep: 'sleep',
  wait: 'wait for an event',
  human: 'handoff',
} as const satisfies Record<JournalKind, string>

const countCrashes = (attempts: readonly JournalAttempt[]): number =>
  attempts.filter(({ cut, closed }) => cut === 'crash' && closed === undefined).length

function earliest(moments: readonly number[]): number | null {
  const first = Math.min(...moments)
  return Number.isFinite(first) ? first : null
}

function amendLast(progress: Progress, change: Partial<JournalAttempt>): void {
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
