// A call's record as cells of one row.
//
//   call ─▶ fixed cells · param_… · analysis_…[_field] ─▶ without what is left out
//
// L1. Texts hold no U+0000 and no half of a character: no store refuses a row for a caller's words.
// L2. Two names that would be one column are not mixed: the second is handed back as it was named.

import type { Json } from '@bookend/contract'
import {
  CALL_COLUMNS,
  columnName,
  type Cell,
  type Cells,
  type ColumnType,
  type FixedColumn,
} from './columns.ts'
import type { AnalyticsCall } from './input.ts'
import { readSentiment } from './sentiment.ts'

export interface FlatCall {
  readonly cells: Cells
  /** What has no column, by `param.name` or `analysis.title.field`. */
  readonly nameless: Readonly<Record<string, Json>>
}

export function flattenCall(
  call: AnalyticsCall,
  { now, leaveOut }: { readonly now: Date; readonly leaveOut: readonly string[] },
): FlatCall {
  const analysis = call.analysis ?? resultsByTitle(call)
  const cells = new Map<string, Cell>()
  const nameless: [string, Json][] = []
  for (const [name, type] of Object.entries(CALL_COLUMNS)) {
    const value = fixedValues(call, analysis, now)[name as FixedColumn]
    cells.set(name, { type, value: cleaned(value ?? null) })
  }
  const add = (prefix: string, path: string, name: string, value: Json): void => {
    const column = columnName(prefix, name)
    if (column === null || cells.has(column)) nameless.push([cleanText(path), cleaned(value)])
    else cells.set(column, { type: typeOf(value), value: cleaned(value) })
  }
  for (const [prefix, path, values] of [
    ['param_', 'param', call.params],
    ['analysis_', 'analysis', analysis],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      for (const [field, part] of partsOf(value)) {
        const isWhole = field === null
        add(
          prefix,
          isWhole ? `${path}.${name}` : `${path}.${name}.${field}`,
          isWhole ? name : `${name}_${field}`,
          part,
        )
      }
    }
  }
  for (const name of cells.keys()) if (isLeftOut(name, leaveOut)) cells.delete(name)
  return {
    cells,
    nameless: Object.fromEntries(nameless.filter(([path]) => !isPathLeftOut(path, leaveOut))),
  }
}

function fixedValues(
  call: AnalyticsCall,
  analysis: Readonly<Record<string, Json>>,
  now: Date,
): Readonly<Record<FixedColumn, Json | undefined>> {
  const { label, score } = readSentiment(analysis)
  return {
    call_id: call.uuid,
    written_at: now.toISOString(),
    status: call.status,
    direction: call.direction,
    platform: call.platform,
    agent_id: call.agent_id,
    agent_name: call.agent_name,
    agent_version: call.agent_version,
    from_number: call.from_number_e164 ?? call.from_number,
    to_number: call.to_number_e164 ?? call.to_number,
    language: call.language,
    created_at: utc(call.created_at),
    started_at: utc(call.started_at),
    ended_at: utc(call.ended_at),
    duration_seconds: call.duration,
    answered_by: call.answered_by,
    ended_reason: call.ended_reason,
    transferred: call.transferred,
    outcome: call.outcome?.type,
    pre_call_run_id: call.pre_call_run_id,
    summary: call.summary,
    sentiment: label,
    sentiment_score: score,
    tags: call.tags.map(({ name }) => name),
    unfit: null,
  }
}

const utc = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : new Date(text).toISOString()

const resultsByTitle = ({ analysis_results: results }: AnalyticsCall): Record<string, Json> =>
  Object.fromEntries(
    results.map(({ title, result }, at) => [title ?? `untitled_${at + 1}`, result]),
  )

/** An object's fields, one level deep; anything else is one part. */
const partsOf = (value: Json): readonly (readonly [string | null, Json])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : [[null, value]]

function typeOf(value: Json): ColumnType | null {
  if (value === null) return null
  if (typeof value === 'string') return 'text'
  // A count of today may be a fraction tomorrow.
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'json'
}

const isLeftOut = (column: string, leaveOut: readonly string[]): boolean =>
  column !== 'call_id' &&
  leaveOut.some((name) =>
    name.endsWith('*') ? column.startsWith(name.slice(0, -1)) : column === name,
  )

const isPathLeftOut = (path: string, leaveOut: readonly string[]): boolean =>
  isLeftOut(path.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'), leaveOut)

const cleanText = (text: string): string =>
  text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd')

function cleaned(value: Json): Json {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [cleanText(name), cleaned(part)]),
  )
}
