// What a backtest found: counts first, then the calls that would have been answered otherwise.

import type { BacktestAnswer, BacktestedCall, Json, Outcome } from '@bookend/contract'
import { fit, padEnd, printable, renderMs } from '../terminal/text.ts'
import { lookOfRun, paint } from './states.ts'
import type { View } from './waterfall.ts'

const SHOWN_MAX = 20
const WHO_COLUMNS = 34

export interface BacktestView extends View {
  /** Every call that differs, not the first twenty. */
  readonly all: boolean
}

export function renderBacktest(calls: readonly BacktestedCall[], view: BacktestView): string[] {
  const { style } = view
  const sure = calls.filter(({ gaps }) => gaps.length === 0)
  const different = sure.filter(({ differs }) => differs.length > 0)
  const unsure = calls.length - sure.length
  const shown = view.all ? different : different.slice(0, SHOWN_MAX)
  const counts = [
    `${sure.length - different.length} alike`,
    `${different.length} different`,
    ...(unsure === 0 ? [] : [`${unsure} not known`]),
  ]
  return [
    `${style.bold(`${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`)}: ${counts.join(', ')}`,
    ...renderTimes(sure),
    ...renderGaps(calls, view),
    ...(different.length === 0 ? [] : ['', style.bold('Different')]),
    ...shown.flatMap((call) => renderCall(call, view)),
    ...(shown.length === different.length
      ? []
      : [style.dim(`  and ${different.length - shown.length} more; see them with --all`)]),
  ]
}

function renderTimes(calls: readonly BacktestedCall[]): string[] {
  if (calls.length === 0) return []
  const side = (pick: (call: BacktestedCall) => BacktestAnswer): string => {
    const times = calls.map((call) => pick(call).duration_ms).toSorted((a, b) => a - b)
    const late = calls.filter((call) => pick(call).duration_ms > call.budget_ms).length
    const median = times[Math.floor(times.length / 2)] ?? 0
    const beyond = late === 0 ? '' : `, ${late} beyond the budget`
    return `median ${renderMs(median)}, slowest ${renderMs(times.at(-1) ?? 0)}${beyond}`
  }
  return [`  then  ${side(({ was }) => was)}`, `  now   ${side(({ now }) => now)}`]
}

function renderGaps(calls: readonly BacktestedCall[], { style, columns }: View): string[] {
  const reasons = new Map<string, number>()
  for (const { gaps } of calls) {
    for (const text of new Set(gaps.map(({ step, reason }) => `${step}: ${reason}`))) {
      reasons.set(text, (reasons.get(text) ?? 0) + 1)
    }
  }
  const sorted = [...reasons].toSorted(([, a], [, b]) => b - a)
  if (sorted.length === 0) return []
  return [
    '',
    style.bold('Not known, for nothing usable is recorded'),
    ...sorted.map(([text, count]) => fit(`  ${count} × ${printable(text)}`, columns)),
  ]
}

function renderCall({ started_at: at, from_number: from, ...call }: BacktestedCall, view: View) {
  const { was, now, changed, differs } = call
  const when = at.slice(0, 16).replace('T', ' ')
  const who = padEnd(fit(`${when}  ${printable(from)}`, WHO_COLUMNS), WHO_COLUMNS)
  const lines: string[] = changed.map(
    (name) =>
      `${name}  ${renderValue(was.parameters[name])} → ${renderValue(now.parameters[name])}`,
  )
  if (differs.includes('status')) {
    lines.push(`${lookOfRun(was.status).word} → ${lookOfRun(now.status).word}`)
  }
  if (differs.includes('outcome')) {
    lines.push(`${renderOutcome(was.outcome)} → ${renderOutcome(now.outcome)}`)
  }
  if (differs.includes('missing')) {
    lines.push(`missing  ${namesOf(was)} → ${namesOf(now)}`)
  }
  if (differs.includes('late')) {
    lines.push(`time  ${renderMs(was.duration_ms)} → ${renderMs(now.duration_ms)}`)
  }
  if (now.error !== null && now.error !== was.error) lines.push(`↳ ${now.error}`)
  const look = lookOfRun(now.status)
  return lines.map((line, index) => {
    const lead = index === 0 ? view.style.dim(who) : ' '.repeat(WHO_COLUMNS)
    const glyph = index === 0 ? paint(view.style, look, look.glyph) : ' '
    const room = Math.max(view.columns - WHO_COLUMNS - 6, 20)
    return `  ${lead}  ${glyph} ${fit(printable(line), room)}`
  })
}

const renderValue = (value: Json | undefined): string =>
  value === undefined ? '—' : JSON.stringify(value)

const namesOf = ({ missing }: BacktestAnswer): string =>
  missing.length === 0 ? 'nothing' : missing.map(({ name }) => name).join(', ')

function renderOutcome(outcome: Outcome): string {
  switch (outcome.type) {
    case 'continue':
      return 'continue'
    case 'route':
      return `route to ${outcome.agent_id}`
    case 'transfer':
      return `transfer to ${outcome.to_number}`
    case 'reject':
      return 'reject'
    case 'say':
      return `say ${JSON.stringify(outcome.text)}`
  }
}
