// What follows an attempt of a step.
//
//   returned ─▶ done     threw, timed out, cut off ─▶ may it be repeated? ─▶ again │ hold │ ask │ fail │ done
//
// R1. What was certainly not done is tried again; what never will succeed is not.
// R2. A write that the receiver cannot recognise when it comes again is not repeated on a guess: the
//     step's `unknown` decides (faults §2, class `none`). A step that would be parked waits for the
//     receipt of what it sent, where the system tells of it.
// R3. Waits grow, with jitter upwards only, and are never shorter than the other system asked for (F17).
// R4. An attempt that ended its process counts apart: three of them, and the step is set apart (F24).
// R5. What a system knows by its key it knows for a time: the attempt that comes later is none of the
//     repeats that do no harm.
// R6. A mark that is looked for may be seen late: what may have left one is repeated only after that.

import type { Json } from '@bookend/contract'
import { parseDuration } from '../kernel/duration.ts'
import { WorkflowError } from '../kernel/error.ts'
import { ConnectionPausedError } from '../connection/connection-paused.ts'
import { ConnectorFault } from '../ports/verdict.ts'
import { scrubText } from '../telemetry/scrub.ts'
import type { JourneyStepOptions } from './definition.ts'
import type { JournalAttempt, StepWrite } from './journal.ts'
import { storableText } from './output.ts'

export type AttemptEnding =
  | { readonly kind: 'returned'; readonly output: Json }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'timed_out' }
  /** The process died in it, or was told to stop. */
  | { readonly kind: 'cut'; readonly by: 'crash' | 'stop' }

export type AfterAttempt =
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'again'; readonly waitMs: number; readonly error: string }
  /** Until the connection is asked again. */
  | { readonly kind: 'hold'; readonly connection: string; readonly error: string }
  /** For a receipt, until `waitMs` have passed; then it fails. */
  | { readonly kind: 'ask'; readonly waitMs: number; readonly error: string }
  | { readonly kind: 'fail'; readonly error: string }

export interface StepPlan {
  readonly attemptsMax: number
  readonly isExponential: boolean
  readonly firstMs: number
  readonly maxMs: number
  readonly timeoutMs: number
  readonly unknown: 'park' | 'retry' | 'assume_done'
}

/** How a step's attempts have gone so far, the last one included. */
export interface StepHistory {
  /** Attempts that ended by themselves and failed. */
  readonly failures: number
  readonly crashes: number
  /** What the last attempt announced. */
  readonly writes: readonly StepWrite[]
}

const ATTEMPTS_MAX = 100
const CRASHES_MAX = 3
const JITTER = 0.2
/** A receipt is told within seconds; later than this a person is asked first. */
const RECEIPT_MS = 120_000
/** Longer than a record is hidden from whoever looks for its mark. */
const MARK_SEEN_MS = 10_000
const LIMITED_MAX_MS = 86_400_000
/** To wait for a time that was named is no failure: it takes no more than that, and no patience. */
const UNTIL_A_TIME = { attemptsMax: ATTEMPTS_MAX, firstMs: 0, maxMs: 0 }

/** @throws {WorkflowError} An option is not what it may be; the message says what would be. */
export function planStep(name: string, options: JourneyStepOptions = {}): StepPlan {
  const { retry = {}, timeout = '30s', unknown = 'park' } = options
  const { attempts = 5, backoff = 'exponential', first = '1s', max = '10m' } = retry
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > ATTEMPTS_MAX) {
    throw new WorkflowError(
      `Step "${name}": retry.attempts is a whole number from 1 to ${ATTEMPTS_MAX}`,
    )
  }
  const isExponential = backoff === 'exponential'
  const [firstMs, maxMs, timeoutMs] = [first, max, timeout].map(parseDuration) as [
    number,
    number,
    number,
  ]
  return { attemptsMax: attempts, isExponential, firstMs, maxMs, timeoutMs, unknown }
}

export function afterAttempt(
  ending: AttemptEnding,
  history: StepHistory,
  plan: StepPlan,
  { now, random }: { readonly now: Date; readonly random: number },
): AfterAttempt {
  switch (ending.kind) {
    case 'returned':
      return { kind: 'done', output: ending.output }
    case 'cut':
      return afterCut(ending.by, history, plan)
    case 'timed_out': {
      const detail = `took longer than ${plan.timeoutMs} ms`
      return isRepeatable(history.writes)
        ? again(detail, seenMs(history), history, plan, random)
        : whenUnknown(detail, history, plan, random)
    }
    case 'threw':
      return afterThrow(ending.error, history, plan, now, random)
  }
}

function afterCut(by: 'crash' | 'stop', history: StepHistory, plan: StepPlan): AfterAttempt {
  const detail = by === 'crash' ? 'the process ended in it' : 'it was stopped with the process'
  if (history.crashes >= CRASHES_MAX) {
    return { kind: 'fail', error: `ended the process, ${history.crashes} times: set apart` }
  }
  if (isRepeatable(history.writes) || plan.unknown === 'retry') {
    return { kind: 'again', waitMs: seenMs(history), error: detail }
  }
  return plan.unknown === 'park' ? park(detail, history) : { kind: 'done', output: null }
}

/**
 * Before an attempt: what becomes of the step when the system has forgotten the key of what an earlier
 * one may have sent (R5); null: the attempt may be made.
 */
export function beforeAttempt(
  attempts: readonly JournalAttempt[],
  writes: readonly StepWrite[],
  plan: StepPlan,
  now: Date,
): Exclude<AfterAttempt, { kind: 'again' | 'hold' }> | null {
  if (plan.unknown === 'retry') return null
  const arrivesAtMs = now.getTime() + plan.timeoutMs
  const isForgotten = attempts.some(
    ({ known_until: until, closed }) =>
      until !== undefined && closed === undefined && Date.parse(until) < arrivesAtMs,
  )
  if (!isForgotten) return null
  if (plan.unknown === 'assume_done') return { kind: 'done', output: null }
  const { error = null } = attempts.at(-1) ?? {}
  const detail = 'the other system no longer knows it by its key'
  return park(error === null ? detail : `${error}; ${detail}`, { writes })
}

/** Until when what an attempt may have sent is known to its receiver; undefined: there is no end. */
export function knownUntil(
  ending: AttemptEnding,
  writes: readonly StepWrite[],
  startedAt: Date,
): string | undefined {
  if (ending.kind === 'returned') return undefined
  const sent = isSurelyNotDone(ending) ? writes.slice(0, -1) : writes
  const kept = sent.flatMap(({ keptMs }) => (keptMs === undefined ? [] : [keptMs]))
  if (kept.length === 0) return undefined
  return new Date(startedAt.getTime() + Math.min(...kept)).toISOString()
}

/** The fault speaks for the last write alone. */
function isSurelyNotDone(ending: AttemptEnding): boolean {
  if (ending.kind !== 'threw' || !(ending.error instanceof ConnectorFault)) return false
  return ending.error.verdict.kind !== 'unknown'
}

function afterThrow(
  error: unknown,
  history: StepHistory,
  plan: StepPlan,
  now: Date,
  random: number,
): AfterAttempt {
  const detail = describeError(error)
  const isGuess = !isRepeatable(history.writes)
  if (!(error instanceof ConnectorFault)) {
    if (isFinal(error)) return { kind: 'fail', error: detail }
    return isGuess
      ? whenUnknown(detail, history, plan, random)
      : again(detail, seenMs(history), history, plan, random)
  }
  if (error instanceof ConnectionPausedError) {
    // A repeat would do again what the attempt did before it came to the connection.
    return isGuess
      ? whenUnknown(detail, history, plan, random)
      : { kind: 'hold', connection: error.connection, error: detail }
  }
  const { verdict } = error
  // The fault speaks for its own write; an earlier one of the same attempt was done.
  const hadOthers = history.writes.filter(({ class: by }) => by === 'none').length > 1
  switch (verdict.kind) {
    case 'retry':
      if (hadOthers) return whenUnknown(detail, history, plan, random)
      return again(detail, verdict.afterMs ?? 0, history, plan, random)
    case 'limited': {
      if (hadOthers) return whenUnknown(detail, history, plan, random)
      const { until } = verdict
      if (until === null) return again(detail, 0, history, plan, random)
      const askedMs = Math.min(LIMITED_MAX_MS, Math.max(0, until.getTime() - now.getTime()))
      return again(detail, askedMs, history, { ...plan, ...UNTIL_A_TIME }, random)
    }
    case 'unknown':
      return isGuess || history.writes.length === 0
        ? whenUnknown(detail, history, plan, random)
        : again(detail, seenMs(history), history, plan, random)
    case 'auth':
    case 'missing':
    case 'conflict':
    case 'refused':
      return { kind: 'fail', error: detail }
  }
}

function whenUnknown(
  detail: string,
  history: StepHistory,
  plan: StepPlan,
  random: number,
): AfterAttempt {
  switch (plan.unknown) {
    case 'park':
      return park(detail, history)
    case 'assume_done':
      return { kind: 'done', output: null }
    case 'retry':
      return again(detail, 0, history, plan, random)
  }
}

function park(
  detail: string,
  { writes }: Pick<StepHistory, 'writes'>,
): Extract<AfterAttempt, { kind: 'ask' | 'fail' }> {
  const error = `maybe done: ${detail}`
  const isTold = writes.some(({ isReceipted }) => isReceipted)
  const isUntold = writes.some(({ class: by, isReceipted }) => by === 'none' && !isReceipted)
  return isTold && !isUntold ? { kind: 'ask', waitMs: RECEIPT_MS, error } : { kind: 'fail', error }
}

function again(
  error: string,
  askedMs: number,
  history: StepHistory,
  plan: StepPlan,
  random: number,
): AfterAttempt {
  if (history.failures >= plan.attemptsMax) return { kind: 'fail', error }
  const growth = plan.isExponential ? 2 ** (history.failures - 1) : 1
  const waitMs = Math.min(plan.firstMs * growth, plan.maxMs)
  return { kind: 'again', waitMs: Math.max(waitMs, askedMs) * (1 + JITTER * random), error }
}

const seenMs = ({ writes }: Pick<StepHistory, 'writes'>): number =>
  writes.some(({ class: by }) => by === 'marker') ? MARK_SEEN_MS : 0

/** Whether all that was sent may be sent once more without a second effect. */
const isRepeatable = (writes: readonly StepWrite[]): boolean =>
  writes.every(({ class: by }) => by !== 'none')

/** By shape: a workflow's bundle may bring its own copy of the error's class. */
function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return 'code' in error && 'retryable' in error && error.retryable === false
}

const ERROR_MAX = 1_000

export const describeError = (error: unknown): string =>
  storableText(
    scrubText(error instanceof Error ? error.message : String(error)).slice(0, ERROR_MAX),
  )
