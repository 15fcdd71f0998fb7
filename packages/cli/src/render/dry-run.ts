// What a journey would have done: the writes, in full, and where it ended.

import type { DryRun } from '@bookend/contract'
import { columnsOf, fit, padEnd, printable } from '../terminal/text.ts'
import { lookOfRun, paint } from './states.ts'
import type { View } from './waterfall.ts'

const STEP_COLUMNS = 18

const ENDED = {
  not_started: { look: lookOfRun('skipped'), words: 'does not begin: its if says no' },
  completed: { look: lookOfRun('completed'), words: 'comes to its end' },
  waiting: { look: lookOfRun('waiting'), words: 'waits' },
  failed: { look: lookOfRun('failed'), words: 'fails' },
  cut: { look: lookOfRun('failed'), words: 'was cut' },
} as const satisfies Record<DryRun['status'], object>

export function renderDryRun(run: DryRun, view: View): string[] {
  const { style, columns } = view
  const { look, words } = ENDED[run.status]
  const line = (step: string, text: string): string => {
    const label = padEnd(fit(printable(step), STEP_COLUMNS), STEP_COLUMNS)
    return `  ${style.dim(label)}  ${fit(printable(text), Math.max(columns - STEP_COLUMNS - 4, 20))}`
  }
  const waits = run.waits.map(({ step, kind, about }) => line(step, `${kind}  ${about}`))
  const tags = run.tags.length === 0 ? [] : [line('tags', run.tags.join(', '))]
  const wouldWrite = run.writes.length + run.emitted.length + run.tags.length + run.calls.length > 0
  return [
    `${style.bold(printable(run.workflow))} ${style.dim(`${run.version} on ${run.event.type}`)}`,
    '',
    ...(wouldWrite ? [style.bold('Would write')] : ['Would write nothing.']),
    ...run.writes.flatMap(({ step, connection, action, input, request }) => [
      line(step, `${connection} ${action}`),
      // What is no HTTP says more in the author's own words.
      ...renderJson(isHttp(request) ? request : input, view),
    ]),
    ...run.emitted.map(({ type, payload }) => line('event', `${type} ${JSON.stringify(payload)}`)),
    ...tags,
    ...run.calls.map((call) => line('call later', JSON.stringify(call))),
    '',
    `${paint(style, look, look.glyph)} The journey ${words}.`,
    ...waits,
    ...(run.waits.length === 0 || run.status !== 'waiting'
      ? []
      : [style.dim('  go on with --answer name=JSON, or with --expire')]),
    ...(run.error === null ? [] : [style.red(`  ↳ ${printable(run.error)}`)]),
    style.dim('Nothing was sent, and nothing is kept of it.'),
  ]
}

const isHttp = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && 'url' in request

/** As it is, for there is nothing else to look it up in; only what is very long is cut. */
function renderJson(value: unknown, { style, columns }: View): string[] {
  const lead = ' '.repeat(STEP_COLUMNS + 4)
  const lines = JSON.stringify(value, null, 2).split('\n')
  const width = Math.max(columns - columnsOf(lead), 20)
  return lines.slice(0, LINES_MAX).map((text) => style.dim(lead + fit(printable(text), width * 3)))
}

const LINES_MAX = 40
