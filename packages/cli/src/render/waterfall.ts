// A pre-call run, drawn against its deadline in the columns a terminal has.
//
//   name            | lane: bars, margin ·, deadline │, answer ◆ |     ms  glyph and word
//
// W4. Rows stand by start, then by definition; the answer follows everything it waited for.
// W5. No line is wider than the terminal; under 60 columns the lane gives way to the words.

import type { Run, RunStep } from '@bookend/contract'
import type { Style } from '../terminal/io.ts'
import { columnsOf, fit, padEnd, padStart, printable, renderMs, wrap } from '../terminal/text.ts'
import { lookOfRun, lookOfStep, paint, type Look } from './states.ts'
import {
  drawAnswer,
  drawAxis,
  drawBar,
  layOutLane,
  type Cell,
  type Lane,
} from './waterfall-lane.ts'
import { isCutAtOwnLimit, renderSentence } from './waterfall-sentence.ts'

export interface View {
  readonly columns: number
  readonly style: Style
}

const COLUMNS_MAX = 120
const LANE_MIN = 16
const NAME_MAX = 24
const MS_COLUMNS = 9
const WORD_COLUMNS = 20
const INDENT = 2

interface Layout {
  readonly name: number
  readonly lane: Lane | null
  readonly total: number
  readonly style: Style
}

export function renderWaterfall(run: Run, { columns, style }: View): string[] {
  const layout = layOut(run, columns, style)
  const { total } = layout
  const steps = run.steps.toSorted((a, b) => a.start_ms - b.start_ms)
  const rows = (after: boolean): string[] =>
    steps
      .filter((step) => step.after_answer === after)
      .flatMap((step) => renderStep(step, run, layout))
  return [
    style.bold(fit(`Before the first word · ${printable(run.workflow)}`, total)),
    ...renderAxis(layout),
    ...rows(false),
    ...renderAnswer(run, layout),
    ...rows(true),
    ...renderLegend(run, layout),
    ...wrap(renderSentence(run), total),
    ...(run.failure === null ? [] : [paintFailure(run, layout)]),
  ]
}

function layOut(run: Run, columns: number, style: Style): Layout {
  const total = Math.min(columns, COLUMNS_MAX)
  const longest = Math.max('◆ answer'.length, ...run.steps.map(({ name }) => columnsOf(name)))
  const rest = total - INDENT - MS_COLUMNS - WORD_COLUMNS - 4
  const name = Math.max(Math.min(longest, NAME_MAX, Math.floor(rest / 2)), 8)
  const laneColumns = rest - name
  const lane = laneColumns < LANE_MIN ? null : layOutLane(run, laneColumns)
  return { name, lane, total, style }
}

function renderRow(layout: Layout, name: string, cells: Cell[], ms: string, look: Look): string {
  const { style, lane, total } = layout
  const drawn = lane === null ? '' : ` ${drawCells(cells, look, style)} `
  const head = `${' '.repeat(INDENT)}${padEnd(fit(name, layout.name), layout.name)}`
  const tail =
    total - INDENT - layout.name - MS_COLUMNS - 2 - (lane === null ? 0 : lane.columns + 2)
  const words = paint(style, look, fit(`${look.glyph} ${look.word}`, tail))
  return `${head}${drawn}${padStart(ms, MS_COLUMNS)}  ${words}`
}

/** Neighbours of one kind are painted together. */
function drawCells(cells: readonly Cell[], look: Look, style: Style): string {
  const paintOf = {
    bar: style[look.color],
    line: style.red,
    margin: style.dim,
    mark: style.bold,
    empty: String,
  }
  let drawn = ''
  let stretch = ''
  for (const [index, { kind, char }] of cells.entries()) {
    stretch += char
    if (cells[index + 1]?.kind === kind) continue
    drawn += paintOf[kind](stretch)
    stretch = ''
  }
  return drawn
}

function renderStep(step: RunStep, run: Run, layout: Layout): string[] {
  const look = lookOfStep(step, run.deadline_ms)
  const cells = layout.lane === null ? [] : drawBar(step, layout.lane)
  const ms = step.duration_ms === null ? '' : renderMs(step.duration_ms)
  const word = step.default_used ? `${look.word} ▲` : look.word
  const row = renderRow(layout, printable(step.name), cells, ms, { ...look, word })
  const why = explainStep(step, run)
  const line = fit(`${' '.repeat(INDENT + 2)}↳ ${why}`, layout.total)
  return why === '' ? [row] : [row, layout.style.dim(line)]
}

/** Why a step did not end as it should, and what stood in for it; empty for one that did. */
function explainStep(step: RunStep, run: Run): string {
  const reason = findReason(step, run)
  const fallback = step.default_used ? `→ default ${renderJson(step.output)}` : ''
  return [reason, fallback].filter((part) => part !== '').join(' ')
}

function findReason(step: RunStep, run: Run): string {
  if (step.status === 'cut') {
    return isCutAtOwnLimit(step, run)
      ? `step limit ${renderMs(step.limit_ms ?? 0)}`
      : `reply point ${renderMs(run.budget_ms ?? 0)}`
  }
  const tells =
    step.status === 'failed' || step.status === 'skipped' || step.status === 'not_started'
  return tells && step.error !== null ? printable(step.error) : ''
}

const renderJson = (value: unknown): string => printable(JSON.stringify(value ?? null))

function renderAxis({ lane, name, style }: Layout): string[] {
  return lane === null ? [] : [style.dim(`${' '.repeat(INDENT + name + 1)}${drawAxis(lane)}`)]
}

function renderAnswer(run: Run, layout: Layout): string[] {
  const answerMs = run.duration_ms
  if (answerMs === null) return []
  const cells = layout.lane === null ? [] : drawAnswer(answerMs, layout.lane)
  const { color, glyph } = isLate(run)
    ? ({ color: 'red', glyph: '!' } as const)
    : lookOfRun(run.status)
  const look = { color, glyph, word: renderBadge(run) }
  return [layout.style.bold(renderRow(layout, '◆ answer', cells, renderMs(answerMs), look))]
}

const isLate = ({ duration_ms: answerMs, deadline_ms: deadlineMs }: Run): boolean =>
  answerMs !== null && deadlineMs !== null && answerMs > deadlineMs

/** In time while the answer leaves by the reply point, in the margin until the deadline. */
function renderBadge(run: Run): string {
  if (isLate(run)) return 'late'
  if (run.status !== 'answered') return lookOfRun(run.status).word
  const limitMs = run.budget_ms ?? run.deadline_ms ?? Infinity
  return (run.duration_ms ?? 0) <= limitMs ? 'in time' : 'in the margin'
}

function renderLegend(run: Run, { lane, name, style, total }: Layout): string[] {
  if (run.deadline_ms === null) return []
  const reply = run.budget_ms === null ? '' : `· from the reply point ${renderMs(run.budget_ms)}, `
  const legend = `${reply}│ deadline ${renderMs(run.deadline_ms)}`
  const indent = lane === null ? INDENT : INDENT + name + 1
  return [style.dim(fit(`${' '.repeat(indent)}${legend}`, total))]
}

const paintFailure = (run: Run, { style, total }: Layout): string =>
  style.red(
    fit(
      `The workflow's answer was not used: ${run.failure} ${printable(run.error ?? '')}`.trimEnd(),
      total,
    ),
  )
