// One execution of a journey's run, from its first line to its end or to where it is halted.
//
//   journal read ─▶ function from the top, over recorded steps ─▶ completed │ failed
//                                                                └▶ stopped │ parked │ broken:
//                                                                   the next execution goes on
// Z1. A finished step is not run again (J3); what stands between steps is.
// Z2. A run that only waits says so, and a run that waits for something that is no step ends: every
//     open run has a time at which something happens next (I3). One that waits for long is parked,
//     so that what it holds in memory does not grow with the length of sleeps.
// Z3. A failed run leaves no attempt behind: what runs is recorded, what waits is given up.

import type { Clock } from '../kernel/clock.ts'
import type { JourneyCall, JourneyContext, JourneyEvent, JourneyWorkflow } from './definition.ts'
import { describeError } from './attempt.ts'
import type { JourneyJournal } from './journal.ts'
import type { ActiveJourneyStep } from './race-attempt.ts'
import type { AttemptSlots, JourneySteps } from './steps.ts'
import { StepFailedError } from './step-tools.ts'
import { startJourneySteps } from './steps.ts'

export interface JourneyRun {
  readonly runId: string
  readonly event: JourneyEvent
  readonly call: JourneyCall | null
  readonly connections: JourneyContext['connections']
}

export interface JourneyRuntime {
  readonly clock: Clock
  readonly journal: JourneyJournal
  readonly slots: AttemptSlots
  /** From 0 to 1. */
  random(): number
  enter<T>(step: ActiveJourneyStep, run: () => T): T
  /** No attempt starts any more; the execution ends as `stopped` when none is running. */
  readonly stop: AbortSignal
  /** Running attempts are told to end. */
  readonly abort: AbortSignal
  /** Hears when something the run waits for may have come, or the run was cancelled. */
  readonly listen?: (listener: () => void) => () => void
  /** Whether other runs wait for this one's place. */
  isPressed(): boolean
}

export type JourneyEnding =
  | { readonly kind: 'completed' }
  /** `step`: whose failure it was, when it was one's. */
  | { readonly kind: 'failed'; readonly error: string; readonly step?: string }
  | { readonly kind: 'stopped' }
  /** It only waits, and for long: nothing of it is kept until then. */
  | {
      readonly kind: 'parked'
      readonly waitMs: number
      /** A step of it is to be tried again, so what comes after it in order has to wait. */
      readonly isRetrying: boolean
    }
  /** The journal refused a record; `RunTakenOverError` when another execution has the run. */
  | { readonly kind: 'broken'; readonly error: unknown }

/** What code between steps may take. */
const BETWEEN_STEPS_MS = 60_000
/** A shorter wait is waited for in place. */
const PARK_FROM_MS = 60_000
const PARK_LOOK_MS = 2_000
/** A wait shorter than this is not worth a change of the run's status. */
const WAITING_AFTER_MS = 50

export async function runJourney(
  definition: JourneyWorkflow,
  run: JourneyRun,
  runtime: JourneyRuntime,
): Promise<JourneyEnding> {
  const { clock, journal, stop } = runtime
  const recorded = await journal.read()
  const { event, call, runId } = run
  const subject = `${call?.uuid ?? event.event_id}/${definition.name}`
  let halt: (ending: JourneyEnding) => void = () => undefined
  const halted = new Promise<JourneyEnding>((resolve) => (halt = resolve))
  // Not `AbortSignal.any`: what that makes may be kept for as long as the process's own signal.
  const taken = new AbortController()
  const onAbort = (): void => taken.abort(runtime.abort.reason)
  runtime.abort.addEventListener('abort', onAbort, { once: true })
  if (runtime.abort.aborted) onAbort()
  const onBroken = (error: unknown): void => {
    halt({ kind: 'broken', error })
    taken.abort(error)
  }
  const status = followStatus(clock, journal, onBroken)
  const idle = startIdleWatch(clock, () => halt(WAITS_FOR_NO_STEP))
  const parking = startParking(
    runtime,
    () => steps,
    (waitMs) => {
      const { isRetrying } = steps
      // Nothing may be recorded any more that the run would not be woken for.
      steps.end()
      halt({ kind: 'parked', waitMs, isRetrying })
    },
  )

  const steps: JourneySteps = startJourneySteps({
    ...runtime,
    abort: taken.signal,
    runId,
    subject,
    recorded,
    onBroken,
    onActivity(active, waiting) {
      const onlyWaits = active === 0 && waiting > 0
      status.follow(onlyWaits ? 'waiting' : 'running')
      idle.follow(steps.open > 0)
      parking.follow(onlyWaits)
    },
  })
  const onStop = (): void => {
    void steps.quiet().then(() => halt({ kind: 'stopped' }))
  }
  stop.addEventListener('abort', onStop, { once: true })
  if (stop.aborted) onStop()
  const silence = runtime.listen?.(() => {
    steps.wake()
    journal.check().catch(onBroken)
  })
  const { step, sleep, waitFor, human, emit, tag, callLater } = steps
  const { connections } = run
  const own = { runId, event, call, connections }
  const noted = { emit, tag, callLater }
  const context: JourneyContext = { ...own, step, sleep, waitFor, human, ...noted }
  try {
    idle.follow(false)
    const returned = Promise.resolve()
      .then(() => definition.run(context))
      .then(
        async (): Promise<JourneyEnding> => {
          await steps.settled()
          return { kind: 'completed' }
        },
        async (error: unknown): Promise<JourneyEnding> => {
          steps.end()
          await steps.quiet()
          const step = findFailedStep(error)
          const whose = step === null ? {} : { step }
          return { kind: 'failed', error: describeError(error), ...whose }
        },
      )
    const ending = await Promise.race([returned, halted])
    const isOver = ending.kind === 'completed' || ending.kind === 'failed'
    return isOver && steps.misuse !== null
      ? { kind: 'failed', error: steps.misuse.message }
      : ending
  } finally {
    stop.removeEventListener('abort', onStop)
    runtime.abort.removeEventListener('abort', onAbort)
    silence?.()
    steps.end()
    idle.close()
    parking.close()
    await status.close()
  }
}

const CAUSES_MAX = 8

/** The step whose failure this error is, or was thrown because of. */
function findFailedStep(error: unknown): string | null {
  let cause = error
  for (let depth = 0; depth < CAUSES_MAX && cause instanceof Error; depth += 1) {
    if (cause instanceof StepFailedError) return cause.step
    cause = cause.cause
  }
  return null
}

const WAITS_FOR_NO_STEP: JourneyEnding = {
  kind: 'failed',
  error: `The journey waited ${BETWEEN_STEPS_MS / 1_000} s for something that is no step; put what takes time inside a step`,
}

function startIdleWatch(clock: Clock, onIdle: () => void) {
  let cancel: (() => void) | null = null
  const close = (): void => {
    cancel?.()
    cancel = null
  }
  return {
    follow(isBusy: boolean): void {
      if (isBusy) close()
      else cancel ??= clock.setTimer(BETWEEN_STEPS_MS, onIdle)
    },
    close,
  }
}

/** Code between steps has its time, unless others wait for the place of a run that only sleeps. */
function startParking(
  { clock, isPressed }: Pick<JourneyRuntime, 'clock' | 'isPressed'>,
  steps: () => Pick<JourneySteps, 'nextWakeMs' | 'nextLookMs'>,
  park: (waitMs: number) => void,
) {
  let cancel: (() => void) | null = null
  let sinceMs = 0
  const close = (): void => {
    cancel?.()
    cancel = null
  }
  const look = (): void => {
    const nowMs = clock.monotonicMs()
    const { nextWakeMs, nextLookMs } = steps()
    if ((nextWakeMs ?? 0) - nowMs <= PARK_FROM_MS) return
    if (isPressed() || nowMs - sinceMs >= BETWEEN_STEPS_MS) park((nextLookMs ?? nowMs) - nowMs)
    else cancel = clock.setTimer(PARK_LOOK_MS, look)
  }
  return {
    follow(onlyWaits: boolean): void {
      close()
      sinceMs = clock.monotonicMs()
      if (onlyWaits) cancel = clock.setTimer(PARK_LOOK_MS, look)
    },
    close,
  }
}

/** Writes the run's status one at a time, and only what has lasted. */
function followStatus(clock: Clock, journal: JourneyJournal, onBroken: (error: unknown) => void) {
  let written: 'running' | 'waiting' = 'running'
  let wanted: 'running' | 'waiting' = 'running'
  let writing = Promise.resolve()
  let cancel: (() => void) | null = null
  const write = (): void => {
    cancel = null
    writing = writing.then(async () => {
      if (wanted === written) return
      written = wanted
      await journal.setStatus(written).catch(onBroken)
    })
  }
  return {
    follow(status: 'running' | 'waiting'): void {
      wanted = status
      if (status === written) {
        cancel?.()
        cancel = null
      } else {
        cancel ??= clock.setTimer(WAITING_AFTER_MS, write)
      }
    },
    close(): Promise<void> {
      cancel?.()
      return writing
    },
  }
}
