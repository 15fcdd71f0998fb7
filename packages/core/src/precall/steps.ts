// The steps of one run: each is a race between its function, its own limit and the run's cut.
//
//   waiting ─▶ ok | failed | cut          a step asked for after the cut is `not_started`
//
// The loser of a race is told so later and by itself: aborting holds the loop, the answer does not
// wait for it (P5). What it still brings is dropped here.

import type { CacheState, Missing, MissingReason, StepStatus } from '@bookend/contract'
import { isCircuitOpen } from '../breaker/circuit-open.ts'
import type { CachePolicy } from '../cache/policy.ts'
import { furthest, parseCache } from '../cache/policy.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Duration } from '../kernel/duration.ts'
import { parseDuration } from '../kernel/duration.ts'
import { BookendError, WorkflowError } from '../kernel/error.ts'
import type { StopSignal } from '../ports/stop-signal.ts'
import { scrubText } from '../telemetry/scrub.ts'
import type { StepFunction, StepOptions, StepScope } from './definition.ts'
import { OwnScope, RunningStep } from './running-step.ts'
import { settle } from './settle.ts'
import { Stop } from './stop.ts'
import { abortLater } from './teardown.ts'

/** A step without a default could not deliver; the function may catch it or fall back whole. */
export class StepUnavailableError extends BookendError {
  override readonly name = 'StepUnavailableError'
  readonly code = 'step_unavailable'
  readonly retryable = true
  readonly reason: MissingReason

  constructor(step: string, reason: MissingReason, cause?: unknown) {
    super(`Step "${step}" ${HOW_IT_ENDED[reason]} and has no default`, { cause })
    this.reason = reason
  }
}

const HOW_IT_ENDED = {
  timed_out: 'was cut',
  failed: 'failed',
  skipped: 'was skipped',
  invalid: 'failed',
  circuit_open: 'asked a connection that keeps failing',
} as const satisfies Record<MissingReason, string>

/** One step as it went; times count from the start of the run. */
export interface StepRecord {
  readonly name: string
  readonly status: StepStatus
  readonly startMs: number
  readonly durationMs: number
  readonly limitMs: number | null
  readonly defaultUsed: boolean
  readonly output: unknown
  readonly error: string | null
  /** Of a step with a cache: where its answers came from, the one furthest from being at hand. */
  readonly cache: CacheState | null
  /** What the step asked of its connections, in the order of asking. */
  readonly uses: readonly StepUse[]
}

/** One action a step asked of a connection. */
export interface StepUse {
  readonly connection: string
  readonly action: string
  readonly input: unknown
  readonly phases: unknown
  /** Absent or null: asked without a cache. */
  readonly cache?: CacheState | null
}

/** The step whose function is running, as its connections see it. */
export interface ActiveStep {
  readonly name: string
  /** Aborted some time after the step was cut. */
  readonly signal: AbortSignal
  /** The same for who only waits for it; left out, `signal` is all there is. */
  readonly stop?: StopSignal
  /** What is left of the step's time, in milliseconds; never below 0. */
  remainingMs(): number
  /** What it asks of connections may come from their cache, and goes there. */
  readonly cache?: CachePolicy
  /** Notes an action for the run's record. */
  note(use: StepUse): void
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type StepEntry = Writable<StepRecord> & { uses: StepUse[] }
type Ending = {
  readonly status: 'ok' | 'failed' | 'cut' | 'not_started'
  readonly output: unknown
  readonly error: unknown
}

const CUT: Ending = { status: 'cut', output: undefined, error: undefined }
const NOT_STARTED: Ending = { status: 'not_started', output: undefined, error: undefined }
const NO_OPTIONS: StepOptions<unknown> = {}

export interface Steps {
  readonly step: StepFunction
  /** The budget ends: whatever runs yields its default, whatever starts now yields it at once. */
  cutAll(): void
  /** The answer has left: what still runs is given up, and its signals are aborted in time. */
  close(): void
  records(): readonly StepRecord[]
  missing(): readonly Missing[]
}

export function startSteps(
  clock: Clock,
  startedAtMs: number,
  cutAtMs: number,
  enter?: <T>(step: ActiveStep, run: () => T) => T,
): Steps {
  const records = new Map<string, StepEntry>()
  const missing: Missing[] = []
  const running = new Set<(ending: Ending) => void>()
  let isCut = false

  function record(name: string, limitMs: number | null): StepEntry {
    if (records.has(name)) throw new WorkflowError(`Step "${name}" is used twice in one run`)
    const fresh: StepEntry = {
      name,
      status: 'running',
      startMs: clock.monotonicMs() - startedAtMs,
      durationMs: 0,
      limitMs,
      defaultUsed: false,
      output: null,
      error: null,
      cache: null,
      uses: [],
    }
    records.set(name, fresh)
    return fresh
  }

  function conclude(entry: StepEntry, ending: Ending, options: StepOptions<unknown>) {
    const { output, error } = ending
    const reason = reasonOf(ending)
    entry.status = statusOf(ending, reason, entry.uses)
    entry.cache = furthest(entry.uses)
    entry.durationMs = clock.monotonicMs() - startedAtMs - entry.startMs
    entry.error = error === undefined ? null : describe(error)
    if (reason === 'circuit_open') entry.error = 'circuit open'
    entry.output = output ?? null
    if (reason === null) return output
    missing.push({ name: entry.name, reason, step: entry.name })
    if (!Object.hasOwn(options, 'default')) {
      throw new StepUnavailableError(entry.name, reason, error)
    }
    entry.defaultUsed = true
    entry.output = options.default ?? null
    return options.default
  }

  function step(
    name: string,
    run: (scope: StepScope) => unknown,
    options: StepOptions<unknown> = NO_OPTIONS,
  ): Promise<unknown> {
    let resolve: (output: unknown) => void = ignore
    let reject: (error: unknown) => void = ignore
    const outcome = new Promise<unknown>((yes, no) => {
      resolve = yes
      reject = no
    })
    const fail = (error: unknown): void => {
      // A step that nobody awaits must not end the process with its rejection.
      outcome.catch(ignore)
      reject(error)
    }
    try {
      const limitMs = options.timeout === undefined ? null : limitOf(options.timeout)
      const cache = options.cache === undefined ? undefined : parseCache(name, options.cache)
      const entry = record(name, limitMs)
      const end = (ending: Ending): void => {
        try {
          resolve(conclude(entry, ending, options))
        } catch (error) {
          fail(error)
        }
      }
      if (isCut) end(NOT_STARTED)
      else race(run, entry, cache, end)
    } catch (error) {
      fail(error)
    }
    return outcome
  }

  function race(
    run: (scope: StepScope) => unknown,
    entry: StepEntry,
    cache: CachePolicy | undefined,
    told: (ending: Ending) => void,
  ): void {
    const { limitMs } = entry
    const leftMs = cutAtMs - startedAtMs - entry.startMs
    const remainingMs = Math.max(0, Math.min(leftMs, limitMs ?? leftMs))
    const stop = new Stop()
    const end = (ending: Ending): void => {
      if (!running.delete(end)) return
      cancelLimit?.()
      told(ending)
      if (ending.status !== 'cut') return
      if (stop.isHeard) abortLater(clock, stop)
      else stop.abort()
    }
    running.add(end)
    const cancelLimit =
      limitMs !== null && limitMs < leftMs ? clock.setTimer(remainingMs, () => end(CUT)) : undefined
    settle(
      () => {
        const scope = new OwnScope(remainingMs, stop)
        if (enter === undefined) return run(scope)
        const endsAtMs = startedAtMs + entry.startMs + remainingMs
        const active = new RunningStep(entry, clock, endsAtMs, stop, cache)
        return enter(active, () => run(scope))
      },
      (output) => end({ status: 'ok', output, error: undefined }),
      (error) => end({ status: 'failed', output: undefined, error }),
    )
  }

  function cutAll(): void {
    isCut = true
    for (const end of running) end(CUT)
  }

  return {
    step: step as StepFunction,
    cutAll,
    close: cutAll,
    // What is over is not written to again.
    records: () =>
      Array.from(records.values(), (entry) =>
        entry.status === 'running' ? { ...entry, uses: [...entry.uses] } : entry,
      ),
    missing: () => [...missing],
  }
}

const ignore = (): void => undefined

/** Authors write the same few limits with every call. */
const limits = new Map<string, number>()
const LIMITS_MAX = 1_000

function limitOf(timeout: Duration): number {
  const known = limits.get(timeout)
  if (known !== undefined) return known
  const limitMs = parseDuration(timeout)
  if (limits.size < LIMITS_MAX) limits.set(timeout, limitMs)
  return limitMs
}

function reasonOf({ status, error }: Ending): MissingReason | null {
  if (status === 'ok') return null
  if (status !== 'failed') return 'timed_out'
  return isCircuitOpen(error) ? 'circuit_open' : 'failed'
}

/** A step had nothing to wait for when the cache had all it asked, or the circuit let nothing through. */
function statusOf(
  { status }: Ending,
  reason: MissingReason | null,
  uses: readonly StepUse[],
): StepStatus {
  if (reason === 'circuit_open') return 'not_started'
  const isStored = ({ cache }: StepUse): boolean => cache === 'fresh' || cache === 'stale'
  return status === 'ok' && uses.length > 0 && uses.every(isStored) ? 'cached' : status
}

const describe = (error: unknown): string =>
  scrubText(error instanceof Error ? error.message : String(error)).slice(0, 1_000)
