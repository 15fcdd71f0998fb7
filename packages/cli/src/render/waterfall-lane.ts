// Where things stand in the lane of the terminal's waterfall, in columns.
//
//   run ─▶ axis end ─▶ columns of deadline, margin, ticks ─▶ bar of a row ─▶ characters of the lane
//
// W1. The axis starts at 0 and reaches the deadline, whatever the run did.
// W2. A bar is at least one column wide and never leaves the lane; one that would ends in ▸.
// W3. The deadline is one line through all rows; it shows through a bar that crosses it.

import type { Run, RunStep } from '@bookend/contract'

export interface Lane {
  readonly endMs: number
  readonly columns: number
  readonly deadline: number | null
  /** First column of the margin, which ends at the deadline. */
  readonly margin: number | null
}

export type Cell = {
  readonly kind: 'bar' | 'line' | 'margin' | 'mark' | 'empty'
  readonly char: string
}

const SECOND_MS = 1_000
const OPEN_AXIS = 1.05

export function layOutLane(run: Run, columns: number): Lane {
  const endMs = findAxisEnd(run)
  const at = (ms: number): number => columnOf(ms, endMs, columns)
  const { deadline_ms: deadlineMs, budget_ms: budgetMs } = run
  return {
    endMs,
    columns,
    deadline: deadlineMs === null ? null : at(deadlineMs),
    margin: deadlineMs === null || budgetMs === null ? null : at(Math.min(budgetMs, deadlineMs)),
  }
}

function findAxisEnd(run: Run): number {
  const lastMs = Math.max(0, ...run.steps.map((step) => step.start_ms + (step.duration_ms ?? 0)))
  const answerMs = OPEN_AXIS * (run.duration_ms ?? 0)
  if (run.deadline_ms === null) return Math.max(answerMs, lastMs, 1)
  return Math.max(OPEN_AXIS * run.deadline_ms, answerMs, Math.min(lastMs, 1.5 * run.deadline_ms), 1)
}

const columnOf = (ms: number, endMs: number, columns: number): number =>
  Math.min(Math.max(Math.floor((ms / endMs) * columns), 0), columns - 1)

function background(lane: Lane): Cell[] {
  return Array.from({ length: lane.columns }, (_, column): Cell => {
    if (column === lane.deadline) return { kind: 'line', char: '│' }
    const inMargin = lane.margin !== null && lane.deadline !== null && column >= lane.margin
    return inMargin && column < lane.deadline
      ? { kind: 'margin', char: '·' }
      : { kind: 'empty', char: ' ' }
  })
}

export function drawBar(step: RunStep, lane: Lane): Cell[] {
  const cells = background(lane)
  if (step.status === 'skipped' || step.status === 'not_started') return cells
  const endsMs = step.start_ms + Math.max(step.duration_ms ?? 0, 0)
  const from = columnOf(step.start_ms, lane.endMs, lane.columns)
  const to = Math.max(columnOf(endsMs - 1e-6, lane.endMs, lane.columns), from)
  const char = step.after_answer ? '▒' : '█'
  for (let column = from; column <= to; column += 1) {
    cells[column] = { kind: 'bar', char: column === lane.deadline ? '┃' : char }
  }
  if (endsMs > lane.endMs) cells[lane.columns - 1] = { kind: 'bar', char: '▸' }
  return cells
}

export function drawAnswer(answerMs: number, lane: Lane): Cell[] {
  const cells = background(lane)
  cells[columnOf(answerMs, lane.endMs, lane.columns)] = { kind: 'mark', char: '◆' }
  return cells
}

/** Labels of the axis; one that would touch the label before it is left out. The last may pass the lane. */
export function drawAxis(lane: Lane): string {
  const stepMs = findTick(lane.endMs)
  const decimals = stepMs < SECOND_MS ? 1 : 0
  let line = ''
  for (let ms = 0; ms <= lane.endMs; ms += stepMs) {
    const label = ms === 0 ? '0' : `${(ms / SECOND_MS).toFixed(decimals)} s`
    const column = columnOf(ms, lane.endMs, lane.columns)
    const isFree = line === '' || line.length + 2 <= column
    if (isFree) line = line.padEnd(column) + label
  }
  return line
}

function findTick(endMs: number): number {
  const round = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]
  return round.find((tickMs) => endMs / tickMs <= 10) ?? Math.ceil(endMs / 8)
}
