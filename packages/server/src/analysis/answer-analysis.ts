// From one analyzer of a call to what is written of it.
//
// A1. A result that was told with the call is believed: its analyzer is asked only on request.
// A2. An answer says what it cost and how long it took, over all tries.

import type { Analyzer, Call, CallAnalysis } from '@bookend/contract'
import { isBuiltIn, runBuiltIn, type AnalyzerAnswer } from '@bookend/core/analysis'
import type { Clock } from '@bookend/core'
import { crashAt } from '../crash-points.ts'
import type { HeldAnalysis, SettledAnalysis, Spent } from '../store/postgres/analyses.ts'

/** Tries in all, lapsed leases among them. */
export const attemptsMax = 6

/** Of one that needs no model; null for one that does. */
export function answerAtOnce(held: HeldAnalysis, call: Call, clock: Clock): SettledAnalysis | null {
  if (!held.isAskedAgain && isTold(held.analyzer, call)) return told(held)
  if (held.attempt > attemptsMax) {
    const detail = 'Whoever asked it ended before it was answered, every time'
    return settle(held, { kind: 'failed', error: 'interrupted', detail }, held.spent, clock.now())
  }
  const { analyzer } = held
  if (!isBuiltIn(analyzer)) return null
  const sinceMs = clock.monotonicMs()
  const answer = runBuiltIn(analyzer, call)
  const durationMs = Math.round(clock.monotonicMs() - sinceMs)
  return settle(held, answer, { duration_ms: durationMs }, clock.now())
}

export function settle(
  held: HeldAnalysis,
  answer: AnalyzerAnswer,
  spent: Spent,
  now: Date,
  model: string | null = null,
): SettledAnalysis {
  crashAt('analysis.answered')
  const isDone = answer.kind === 'answered'
  const error = isDone ? null : answer.error
  const { id, title, kind = 'model', prompt, output_config: output } = held.analyzer
  const { duration_ms: durationMs = 0, ...tokens } = spent
  const result: CallAnalysis = {
    analyzer_id: id,
    title,
    kind,
    ...(prompt === '' ? {} : { prompt }),
    ...(output === undefined ? {} : { output_config: output }),
    result: isDone ? answer.result : null,
    status: isDone ? 'done' : 'failed',
    error,
    detail: isDone ? null : answer.detail,
    ...(kind === 'model' ? { model, ...tokens } : {}),
    duration_ms: durationMs,
    attempts: held.attempt,
    answered_at: now.toISOString(),
  }
  const status = isDone ? 'done' : 'failed'
  return { held, status, answer: result, error, spent, delayMs: 0 }
}

export const tryAgain = (
  held: HeldAnalysis,
  error: string,
  spent: Spent,
  delayMs: number,
): SettledAnalysis => ({ held, status: 'queued', answer: null, error, spent, delayMs })

const told = (held: HeldAnalysis): SettledAnalysis => ({
  held,
  status: 'told',
  answer: null,
  error: null,
  spent: held.spent,
  delayMs: 0,
})

const isTold = ({ id, title }: Analyzer, { analysis_results: results }: Call): boolean =>
  results.some(
    (result) =>
      // Own answers have a status.
      result.status === undefined &&
      (result.analyzer_id === id || result.id === id || result.title === title),
  )
