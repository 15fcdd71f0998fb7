import type { Run, RunStep } from '@bookend/contract'
import { printable, renderMs } from '../terminal/text.ts'

/** The one sentence under a pre-call waterfall, built from the run alone. */
export function renderSentence(run: Run): string {
  const answerMs = run.duration_ms
  if (answerMs === null) return 'Not answered yet.'
  const cause = findLastWaited(run, answerMs)
  const waited =
    cause === null
      ? ''
      : `; the answer waited for ${printable(cause.name)}${renderEnding(cause, run)}`
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
  const endOf = (step: RunStep): number => step.start_ms + (step.duration_ms ?? 0)
  const waited = run.steps.filter(
    (step) => !step.after_answer && (step.duration_ms ?? 0) > 0 && step.start_ms < answerMs,
  )
  return waited.toSorted((a, b) => endOf(b) - endOf(a))[0] ?? null
}

function renderEnding(step: RunStep, run: Run): string {
  if (step.status === 'failed') return ', which failed'
  if (step.status !== 'cut') return ''
  return isCutAtOwnLimit(step, run) ? ', cut at its own limit' : ', cut at the reply point'
}

export function isCutAtOwnLimit(step: RunStep, run: Run): boolean {
  if (step.limit_ms === null) return false
  return step.start_ms + step.limit_ms <= (run.budget_ms ?? Infinity)
}
