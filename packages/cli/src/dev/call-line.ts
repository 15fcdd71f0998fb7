// A call on one line, and what became of the work around it.
//
//   08:21:03  +15550100001 ▸ +15550100900  ✓ answered        42 ms of 5 000  …
//   08:21:09  +15550100001                 ✓ completed    2 journeys, 1 waiting

import type { CallListItem, RunStatus } from '@bookend/contract'
import { runStatuses } from '@bookend/contract'
import { lookOfRun, paint, type Look } from '../render/states.ts'
import type { Style } from '../terminal/io.ts'
import { fit, padEnd, padStart, printable, renderMs } from '../terminal/text.ts'

const WHO_COLUMNS = 28
const WORD_COLUMNS = 16
const MS_COLUMNS = 9

const isRunStatus = (status: string): status is RunStatus =>
  (runStatuses as readonly string[]).includes(status)

/** When it has come in: who, and how its answer went. */
export function renderArrival(call: CallListItem, at: Date, style: Style): string {
  const { from_number: from, to_number: to, pre_call: preCall, agent_name: agent } = call
  const status = preCall?.status ?? 'skipped'
  const look = lookOfRun(isRunStatus(status) ? status : 'skipped')
  const who = `${from} ▸ ${to}`
  if (preCall === null) return renderLine(at, who, look, '', agent ?? '', style)
  const took = padStart(renderMs(preCall.duration_ms), MS_COLUMNS)
  const missing = preCall.missing_count === 0 ? '' : `, ${preCall.missing_count} missing`
  const note = `${took} of ${renderMs(preCall.budget_ms)}${missing}  ${agent ?? ''}`
  return renderLine(at, who, look, note, '', style)
}

/** When it has ended or its journeys went on. */
export function renderProgress(call: CallListItem, at: Date, style: Style): string {
  const { total, completed, failed, waiting } = call.journeys
  const isOver = completed + failed === total
  const status = failed > 0 ? 'failed' : waiting > 0 ? 'waiting' : isOver ? 'completed' : 'running'
  const counts = [`${total} ${total === 1 ? 'journey' : 'journeys'}`]
  if (completed > 0) counts.push(`${completed} completed`)
  if (waiting > 0) counts.push(`${waiting} waiting`)
  if (failed > 0) counts.push(`${failed} failed`)
  const note = total === 0 ? '' : counts.join(', ')
  const ended = `the call is ${call.status.replaceAll('_', ' ')}`
  const look = total === 0 ? { ...lookOfRun('completed'), word: 'over' } : lookOfRun(status)
  return renderLine(at, call.from_number, look, note, ended, style)
}

function renderLine(
  at: Date,
  who: string,
  look: Look,
  note: string,
  aside: string,
  style: Style,
): string {
  const name = padEnd(fit(printable(who), WHO_COLUMNS), WHO_COLUMNS)
  const state = paint(style, look, `${look.glyph} ${padEnd(look.word, WORD_COLUMNS)}`)
  const rest = [printable(note), style.dim(printable(aside))].filter((part) => part !== '')
  return `${style.dim(clock(at))}  ${name}  ${state} ${rest.join('  ')}`.trimEnd()
}

const two = (value: number): string => String(value).padStart(2, '0')
/** By the clock of this machine, as whoever looks at it has it. */
const clock = (at: Date): string =>
  `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
