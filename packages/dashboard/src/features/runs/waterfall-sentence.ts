// The one sentence under the waterfall, built from the run alone.

import type { Run, RunStep } from '@bookend/contract'
import { renderMs } from '../../format/duration.ts'
import { findAnswerMs, findStepEnd } from './waterfall-geometry.ts'

/** Null for a journey, which has no answer to explain. */
export function renderWaterfallSentence(run: Run): string | null {
  if (run.kind !== 'pre-call') return null
  const answerMs = findAnswerMs(run)
  if (answerMs === null) return 'Not answered yet.'
  const cause = findLastWaited(run, answerMs)
  const waited =
    cause === null ? '' : `; the answer waited for ${cause.name}${renderEnding(cause, run)}`
  return `${renderVerb(run)} in ${renderTime(answerMs, run.deadline_ms)}${waited}.`
}

function renderVerb({ status }: Run): string {
  if (status === 'fallback') return 'Fallback sent'
  return status === 'skipped' ? 'No workflow ran; answered' : 'Answered'
}

function renderTime(answerMs: number, deadlineMs: number | null): string {
  if (deadlineMs === null) return renderMs(answerMs)
  const lateMs = answerMs - deadlineMs
  return lateMs > 0
    ? `${renderMs(answerMs)}, ${renderMs(lateMs)} past the deadline of ${renderMs(deadlineMs)}`
    : `${renderMs(answerMs)} of ${renderMs(deadlineMs)}`
}

/** The step that ended last before the answer; steps that never ran kept nobody waiting. */
function findLastWaited(run: Run, answerMs: number): RunStep | null {
  const waited = run.steps.filter(
    (step) => !step.after_answer && step.duration_ms !== null && step.duration_ms > 0,
  )
  const byEnd = waited
    .filter((step) => step.start_ms < answerMs)
    .toSorted((a, b) => findStepEnd(b, answerMs) - findStepEnd(a, answerMs))
  return byEnd[0] ?? null
}

function renderEnding(step: RunStep, run: Run): string {
  if (step.status === 'failed') return ', which failed'
  if (step.status !== 'cut') return ''
  return isCutAtOwnLimit(step, run) ? ', cut at its own limit' : ', cut at the reply point'
}

/** False where the run's reply point came before the step's own limit, or there is none. */
export const isCutAtOwnLimit = (step: RunStep, run: Run): boolean =>
  step.limit_ms !== null && step.start_ms + step.limit_ms <= (run.budget_ms ?? Infinity)
