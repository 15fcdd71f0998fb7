// The steps of one execution of a run, over what earlier executions recorded: which kinds there are,
// and how all of them end together.

import type { Clock } from '../kernel/clock.ts'
import type { WorkflowError } from '../kernel/error.ts'
import type { Duration } from '../kernel/duration.ts'
import type {
  CallLaterFunction,
  EmitFunction,
  HumanFunction,
  JourneyStepFunction,
  TagFunction,
  WaitForFunction,
} from './definition.ts'
import type { JourneyJournal, JournalStep } from './journal.ts'
import { createNotes } from './notes.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import { createRests } from './rests.ts'
import { createStepRunner } from './run-step.ts'
import { createStepTools, HALTED } from './step-tools.ts'
import { createWaits } from './waits.ts'

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
  readonly callLater: CallLaterFunction
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

export function startJourneySteps(options: JourneyStepsOptions): JourneySteps {
  const { clock, stop } = options
  const open = new Set<Promise<unknown>>()
  let hasEnded = false
  const changed = (): void => options.onActivity(tools.busy.size, rests.waiting)
  const rests = createRests(clock, () => changed())
  const tools = createStepTools({ ...options, rests, changed: () => changed() })

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

  const runStep = createStepRunner(options, tools, () => hasEnded)
  const waits = createWaits(tools, (name, run) => void start(() => runStep(name, run)))
  const notes = createNotes(tools)

  return {
    step: ((name, run, stepOptions) =>
      start(() => runStep(name, run, stepOptions))) as JourneyStepFunction,
    sleep: (name, duration) => start(() => waits.sleep(name, duration)),
    waitFor: ((name, eventType, waitOptions) =>
      start(() => waits.waitFor(name, eventType, waitOptions))) as WaitForFunction,
    human: ((name, humanOptions) => start(() => waits.human(name, humanOptions))) as HumanFunction,
    emit: (name, eventType, payload) => start(() => notes.emit(name, eventType, payload)),
    tag: (name, text) => start(() => notes.tag(name, text)),
    callLater: (name, call) => start(() => notes.callLater(name, call)),
    get open() {
      return open.size
    },
    get nextWakeMs() {
      return rests.nextWakeMs
    },
    get nextLookMs() {
      return rests.nextLookMs
    },
    get isRetrying() {
      return rests.isRetrying
    },
    wake() {
      if (!hasEnded) rests.wake()
    },
    get misuse() {
      return tools.misuse
    },
    end() {
      hasEnded = true
      rests.clear()
    },
    async quiet() {
      while (tools.busy.size > 0) await Promise.allSettled(tools.busy)
    },
    async settled() {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}
