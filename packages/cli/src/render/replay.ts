// A run of the past next to what it would be now.

import type { BacktestedCall, RunStep } from '@bookend/contract'
import type { JourneyComparison } from '../replay/compare-journey.ts'
import { findDifferences, type Difference } from '../replay/find-differences.ts'
import { fit, padEnd, printable, renderMs } from '../terminal/text.ts'
import { lookOfRun, lookOfStatus, paint } from './states.ts'
import type { View } from './waterfall.ts'

const NAME_COLUMNS = 22
const CHANGES_MAX = 12

export function renderPreCallReplay(call: BacktestedCall, view: View): string[] {
  const { style } = view
  const { was, now, budget_ms: budgetMs, gaps } = call
  const side = (label: string, { status, duration_ms: ms }: BacktestedCall['now']): string => {
    const look = lookOfRun(status)
    const word = paint(style, look, `${look.glyph} ${padEnd(look.word, 16)}`)
    return `  ${label}  ${word} ${renderMs(ms)} of ${renderMs(budgetMs)}`
  }
  const told = (name: 'parameters' | 'outcome'): Difference[] =>
    findDifferences(was[name], now[name], name === 'outcome' ? name : '')
  const changes = [...told('parameters'), ...told('outcome')]
  return [
    side('then', was),
    side('now ', now),
    '',
    ...(changes.length === 0 ? ['The agent is told the same.'] : renderChanges(changes, view)),
    ...(now.error === null ? [] : [style.red(fit(`↳ ${printable(now.error)}`, view.columns))]),
    ...gaps.map(({ step, reason }) =>
      style.yellow(fit(`! not known: ${printable(step)}: ${printable(reason)}`, view.columns)),
    ),
  ]
}

export function renderJourneyReplay({ alike, different }: JourneyComparison, view: View): string[] {
  const { style } = view
  const word = (status: RunStep['status'] | null): string =>
    status === null ? 'not reached' : lookOfStatus(status).word
  return [
    `${alike} ${alike === 1 ? 'step' : 'steps'} alike, ${different.length} different`,
    ...different.flatMap(({ step, was, now, changes }) => [
      `  ${style.bold(printable(step))}  ${was === now ? word(was) : `${word(was)} → ${word(now)}`}`,
      ...renderChanges(changes, view),
    ]),
  ]
}

function renderChanges(changes: readonly Difference[], { columns, style }: View): string[] {
  const shown = changes.slice(0, CHANGES_MAX).map(({ path, was, now }) => {
    const name = padEnd(fit(printable(path), NAME_COLUMNS), NAME_COLUMNS)
    return fit(`    ${name}  ${printable(`${renderValue(was)} → ${renderValue(now)}`)}`, columns)
  })
  const rest = changes.length - shown.length
  return rest === 0 ? shown : [...shown, style.dim(`    and ${rest} more`)]
}

const renderValue = (value: unknown): string => (value === undefined ? '—' : JSON.stringify(value))
