// The columns of a call for analysis: the one model that every store follows.
//
// Fixed columns are those below. What an author names himself becomes a column by a rule: `param_` and
// a parameter's name, `analysis_` and an analyzer's title, and a field of an object one level further.
//
// M1. A column keeps its type for ever; a value that does not fit it stands in `unfit`.
// M2. `call_id` names the row: a call has one.

import type { Json } from '@bookend/contract'

/** Each store has its own word for it. `instant` is ISO 8601 in UTC, `json` a document. */
export const columnTypes = ['text', 'integer', 'number', 'boolean', 'instant', 'json'] as const
export type ColumnType = (typeof columnTypes)[number]

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** A value on its way into a column; the type is null where nothing tells it. */
export interface Cell {
  readonly type: ColumnType | null
  readonly value: Json
}

/** By the name of the column. */
export type Cells = ReadonlyMap<string, Cell>

export const CALL_COLUMNS = {
  call_id: 'text',
  written_at: 'instant',
  status: 'text',
  direction: 'text',
  platform: 'text',
  agent_id: 'text',
  agent_name: 'text',
  agent_version: 'integer',
  from_number: 'text',
  to_number: 'text',
  language: 'text',
  created_at: 'instant',
  started_at: 'instant',
  ended_at: 'instant',
  duration_seconds: 'integer',
  answered_by: 'text',
  ended_reason: 'text',
  transferred: 'boolean',
  outcome: 'text',
  pre_call_run_id: 'text',
  summary: 'text',
  sentiment: 'text',
  sentiment_score: 'number',
  tags: 'json',
  unfit: 'json',
} as const satisfies Readonly<Record<string, ColumnType>>

export type FixedColumn = keyof typeof CALL_COLUMNS

export const fixedColumns: readonly Column[] = Object.entries(CALL_COLUMNS).map(([name, type]) => ({
  name,
  type,
}))

export const isFixed = (name: string): name is FixedColumn => Object.hasOwn(CALL_COLUMNS, name)

/** The most that PostgreSQL keeps of a name, and fewer than the others. */
const NAME_MAX = 63

/** `param_` and `Plan (new)` as `param_plan_new`; null where nothing is left of the name. */
export function columnName(prefix: string, name: string): string | null {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return plain === '' || plain.length > NAME_MAX - prefix.length ? null : `${prefix}${plain}`
}
