// What a row of the waterfall says in words: beside its bar, and to who cannot see the bar.

import type { Run, RunStep } from '@bookend/contract'
import { renderCount, renderDuration, renderLimit, renderMs } from '../../format/duration.ts'
import { STATE_LOOKS, STATE_OF_STEP } from '../../theme/states.ts'
import { type Bar, findStepEnd, type TimeMark } from './waterfall-geometry.ts'
import { isCutAtOwnLimit } from './waterfall-sentence.ts'

const VALUE_MAX = 28
const ERROR_MAX = 40

/** The label beside the bar; null where the bar says everything. */
export function renderStepLabel(step: RunStep, bar: Bar | null, run: Run): string | null {
  const ending = renderEnding(step, run)
  const parts = [
    bar?.clippedEndMs == null ? null : `▸ ${renderLimit(bar.clippedEndMs)}`,
    bar?.state === 'late' && run.deadline_ms !== null && bar.clippedEndMs === null && !bar.open
      ? `${renderMs(findStepEnd(step, 0) - run.deadline_ms)} past the deadline`
      : null,
    ending,
  ].filter((part) => part !== null)
  const label = parts.join(', ')
  if (step.default_used) return `${label === '' ? '' : `${label} `}→ default ${brief(step.output)}`
  return label === '' ? null : label
}

function renderEnding(step: RunStep, run: Run): string | null {
  switch (step.status) {
    case 'ok':
      return null
    case 'cached':
      return step.cache === 'stale' ? 'from cache, stale' : 'from cache'
    case 'cut':
      return isCutAtOwnLimit(step, run)
        ? `step limit ${renderLimit(step.limit_ms ?? 0)}`
        : `reply point${run.budget_ms === null ? '' : ` ${renderLimit(run.budget_ms)}`}`
    case 'failed':
      return step.error === null ? 'failed' : shorten(step.error, ERROR_MAX)
    case 'skipped':
      return step.error === null ? 'skipped' : `skipped: ${shorten(step.error, ERROR_MAX)}`
    case 'not_started':
      return isCircuitOpen(step, run)
        ? 'not asked: circuit open'
        : 'not started: reply point reached'
    case 'running':
    case 'waiting':
      return null
  }
}

const isCircuitOpen = (step: RunStep, run: Run): boolean =>
  run.missing.some((miss) => miss.step === step.name && miss.reason === 'circuit_open')

/** `cut at limit, from 6 to 2 006 milliseconds, default used` */
export function renderSpokenStep(step: RunStep, bar: Bar | null, nowMs: number): string {
  const { word } = STATE_LOOKS[STATE_OF_STEP[step.status]]
  const words: string[] = [step.status === 'not_started' ? 'not started' : word]
  if (bar?.state === 'late') words.push('past the deadline')
  if (step.after_answer) words.push('after the answer')
  if (bar !== null) {
    const from = renderCount(step.start_ms)
    words.push(
      bar.open
        ? `since ${from} milliseconds`
        : `from ${from} to ${renderCount(findStepEnd(step, nowMs))} milliseconds`,
    )
  }
  if (step.default_used) words.push('default used')
  return words.join(', ')
}

export const MARK_WORDS = {
  in_time: 'in time',
  in_margin: 'in the margin',
  late: 'late',
} as const satisfies Record<TimeMark, string>

export function renderTook(step: RunStep, nowMs: number): string {
  if (step.status === 'skipped' || step.status === 'not_started') return '–'
  if (step.duration_ms !== null) return renderMs(step.duration_ms)
  return renderDuration(nowMs - step.start_ms)
}

const shorten = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}…`

const brief = (value: unknown): string => shorten(JSON.stringify(value) ?? 'null', VALUE_MAX)
