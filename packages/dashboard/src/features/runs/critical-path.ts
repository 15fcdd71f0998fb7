// The chain that the answer waited for: back from it through whatever finished last at each hop.

import type { Run, RunStep } from '@bookend/contract'
import { findAnswerMs, findStepEnd } from './waterfall-geometry.ts'

/** Clocks are read a moment apart: one step's end and the next one's start are rarely the same. */
const SLACK_MS = 2

/** Names of the steps on it; empty for a run that is not answered. */
export function findCriticalPath(run: Run): ReadonlySet<string> {
  const answerMs = findAnswerMs(run)
  const path = new Set<string>()
  if (answerMs === null) return path
  const ran = run.steps.filter(
    ({ after_answer, duration_ms }) => !after_answer && (duration_ms ?? 0) > 0,
  )
  let step = findLast(ran, answerMs, path)
  while (step !== undefined) {
    path.add(step.name)
    step = findLast(ran, step.start_ms, path)
  }
  return path
}

function findLast(
  steps: readonly RunStep[],
  byMs: number,
  taken: ReadonlySet<string>,
): RunStep | undefined {
  const ended = steps.filter(
    (step) => !taken.has(step.name) && findStepEnd(step, byMs) <= byMs + SLACK_MS,
  )
  // What was cut when the answer left ends with it, or a moment later.
  return ended.toSorted((a, b) => findStepEnd(b, byMs) - findStepEnd(a, byMs))[0]
}
