// What happened, a line each: a call, a run, a delivery, and an error below the line it belongs to.
//
//   2026-03-02 15:04:05  call      ✓ completed      +15550100001 ▸ +15550100900  Front desk   <id>
//   2026-03-02 15:05:06  journey   ✗ failed         follow-up on call.completed  412 ms       <id>
//                                  ↳ http_503

import type { Call, CallListItem, Delivery, Run, RunListItem } from '@bookend/contract'
import { fit, padEnd, printable, renderDuration } from '../terminal/text.ts'
import { renderInstant } from './instant.ts'
import { lookOfCall, lookOfDelivery, lookOfRun, paint, type Look } from './states.ts'
import type { View } from './waterfall.ts'

export type LogEntry =
  | { readonly kind: 'call'; readonly at: string; readonly record: Call | CallListItem }
  | { readonly kind: 'run'; readonly at: string; readonly record: Run | RunListItem }
  | { readonly kind: 'delivery'; readonly at: string; readonly record: Delivery }

const KIND_COLUMNS = 8
const WORD_COLUMNS = 16
const WHAT_COLUMNS = 44
const INDENT = ' '.repeat(19 + 2 + KIND_COLUMNS + 2)

interface Line {
  readonly kind: string
  readonly look: Look
  readonly what: string
  readonly id: string
  readonly error: string | null
}

export function renderLogEntry(entry: LogEntry, { style, columns }: View): string[] {
  const { kind, look, what, id, error } = describe(entry)
  const state = paint(style, look, `${look.glyph} ${padEnd(look.word, WORD_COLUMNS)}`)
  const line = [
    style.dim(renderInstant(entry.at)),
    padEnd(kind, KIND_COLUMNS),
    state,
    padEnd(fit(printable(what), WHAT_COLUMNS), WHAT_COLUMNS),
    style.dim(id),
  ].join('  ')
  if (error === null || error === '') return [line]
  return [line, style.red(fit(`${INDENT}↳ ${printable(error)}`, columns))]
}

function describe(entry: LogEntry): Line {
  switch (entry.kind) {
    case 'call': {
      const { uuid, status, from_number: from, to_number: to, agent_name: agent } = entry.record
      const what = `${from} ▸ ${to}${agent === null ? '' : `  ${agent}`}`
      return { kind: 'call', look: lookOfCall(status), what, id: uuid, error: null }
    }
    case 'run': {
      const { id, kind, workflow, status, event_type: type, duration_ms: ms } = entry.record
      const on = type === null ? '' : ` on ${type}`
      const took = ms === null ? '' : `  ${renderDuration(ms)}`
      const what = `${workflow}${on}${took}`
      return { kind, look: lookOfRun(status), what, id, error: entry.record.error }
    }
    case 'delivery': {
      const { id, event_type: type, status, attempts, last_status: answer } = entry.record
      const tries = attempts > 1 ? `  ×${attempts}` : ''
      const what = `${type}${answer === null ? '' : `  ${answer}`}${tries}`
      const error = status === 'delivered' ? null : entry.record.last_error
      return { kind: 'delivery', look: lookOfDelivery(status), what, id, error }
    }
  }
}
