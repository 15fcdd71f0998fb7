// Where everything of the pre-call waterfall stands, as fractions of the lane's width.
//
//   run ─▶ axis end E ─▶ ticks, margin band, rows in order ─▶ bars, notches, label side
//
// W1. The axis starts at 0 and reaches the deadline, whatever the run did.
// W2. No bar starts before 0 or ends past E; one that would is clipped and says its true end.
// W3. Rows stand by start, then by definition; the answer follows everything it waited for.
// W4. A label meets neither its bar nor the deadline line; what does not fit is in the panel.

import type { Run, RunStep } from '@bookend/contract'
import { STATE_OF_STEP, type State } from '../../theme/states.ts'

export interface Bar {
  state: State
  start: number
  end: number
  /** True end of a bar cut by the axis, in milliseconds; null when the bar is whole. */
  clippedEndMs: number | null
  open: boolean
}

export type WaterfallRow =
  | { kind: 'answer'; atMs: number; at: number; mark: TimeMark | null }
  | { kind: 'step'; step: RunStep; bar: Bar | null; at: number; notch: number | null }

export interface Waterfall {
  endMs: number
  ticksMs: readonly number[]
  /** Deadline line and the band from reply point to deadline; null for a run without a deadline. */
  deadline: number | null
  marginBand: { start: number; end: number } | null
  rows: readonly WaterfallRow[]
}

export type TimeMark = 'in_time' | 'in_margin' | 'late'
export type LabelSide = 'right' | 'left' | 'panel'

const SECOND_MS = 1_000
const ROUND = [1, 1.5, 2, 3, 5, 8] as const
const LABEL_GAP_PX = 4
const BAR_MIN_PX = 2

/** @param nowMs Milliseconds since the start of the run; the end of bars that still grow. */
export function layOutWaterfall(run: Run, nowMs: number): Waterfall {
  const endMs = findAxisEnd(run, nowMs)
  const fraction = (ms: number): number => Math.min(Math.max(ms / endMs, 0), 1)
  const { deadline_ms: deadlineMs, budget_ms: budgetMs } = run
  const deadline = deadlineMs === null ? null : fraction(deadlineMs)
  const marginBand =
    deadline === null || budgetMs === null
      ? null
      : { start: Math.min(fraction(budgetMs), deadline), end: deadline }

  const rows = orderSteps(run.steps).map((step): WaterfallRow => {
    const notch = step.limit_ms === null ? null : (step.start_ms + step.limit_ms) / endMs
    return {
      kind: 'step',
      step,
      bar: placeBar(step, run, nowMs, endMs),
      at: fraction(step.start_ms),
      notch: notch === null || notch > 1 ? null : Math.max(notch, 0),
    }
  })
  const atMs = findAnswerMs(run)
  if (atMs !== null) {
    const answer: WaterfallRow = { kind: 'answer', atMs, at: fraction(atMs), mark: findMark(run) }
    rows.splice(run.steps.filter((step) => !step.after_answer).length, 0, answer)
  }
  return { endMs, ticksMs: findTicks(endMs), deadline, marginBand, rows }
}

/** When the answer left; null for a journey and before there is one. */
export function findAnswerMs(run: Run): number | null {
  return run.kind === 'pre-call' ? run.duration_ms : null
}

export function findMark(run: Run): TimeMark | null {
  const answerMs = findAnswerMs(run)
  if (answerMs === null || run.deadline_ms === null) return null
  if (answerMs > run.deadline_ms) return 'late'
  return answerMs <= (run.budget_ms ?? run.deadline_ms) ? 'in_time' : 'in_margin'
}

function findAxisEnd(run: Run, nowMs: number): number {
  const lastMs = Math.max(0, ...run.steps.map((step) => findStepEnd(step, nowMs)))
  const answerMs = 1.05 * (findAnswerMs(run) ?? 0)
  if (run.deadline_ms === null) return Math.max(answerMs, lastMs, 1)
  const barsMs = Math.min(lastMs, 1.5 * run.deadline_ms)
  return Math.max(1.05 * run.deadline_ms, answerMs, barsMs, 1)
}

/** Each second up to 10 s, else five to eight round steps after 0. */
export function findTicks(endMs: number): number[] {
  let stepMs = SECOND_MS
  if (Math.floor(endMs / SECOND_MS) > 10) {
    const power = 10 ** Math.floor(Math.log10(endMs / 9))
    const round = ROUND.find((size) => Math.floor(endMs / (size * power)) <= 8) ?? 10
    stepMs = round * power
  }
  return Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, index) => index * stepMs)
}

function orderSteps(steps: readonly RunStep[]): RunStep[] {
  return steps.toSorted(
    (a, b) => Number(a.after_answer) - Number(b.after_answer) || a.start_ms - b.start_ms,
  )
}

export function findStepEnd(step: RunStep, nowMs: number): number {
  const open = step.status === 'running' || step.status === 'waiting'
  const durationMs = step.duration_ms ?? (open ? nowMs - step.start_ms : 0)
  return step.start_ms + Math.max(durationMs, 0)
}

function placeBar(step: RunStep, run: Run, nowMs: number, endMs: number): Bar | null {
  if (step.status === 'skipped' || step.status === 'not_started') return null
  const stepEndMs = findStepEnd(step, nowMs)
  const late = run.deadline_ms !== null && stepEndMs > run.deadline_ms
  const start = Math.min(Math.max(step.start_ms / endMs, 0), 1)
  return {
    state: step.after_answer ? 'after' : late ? 'late' : STATE_OF_STEP[step.status],
    start,
    end: Math.max(start, Math.min(stepEndMs / endMs, 1)),
    clippedEndMs: stepEndMs > endMs ? stepEndMs : null,
    open: step.duration_ms === null,
  }
}

/** Right of the bar, else left of it, else only in the panel. */
export function findLabelSide(
  bar: Pick<Bar, 'start' | 'end'>,
  deadline: number | null,
  lanePx: number,
  labelPx: number,
): LabelSide {
  const startPx = bar.start * lanePx
  const endPx = Math.max(bar.end * lanePx, startPx + BAR_MIN_PX)
  const linePx = deadline === null ? null : deadline * lanePx
  const fits = (fromPx: number): boolean => {
    const toPx = fromPx + labelPx
    const crosses =
      linePx !== null && fromPx < linePx + LABEL_GAP_PX && toPx > linePx - LABEL_GAP_PX
    return fromPx >= 0 && toPx <= lanePx && !crosses
  }
  if (fits(endPx + LABEL_GAP_PX)) return 'right'
  return fits(startPx - LABEL_GAP_PX - labelPx) ? 'left' : 'panel'
}
