// A flat call into the table that there is.
//
//   cells, the table's columns ─▶ columns to add · the row · what fits none
//
// F1. A column that there is keeps its type: what does not fit it stands in `unfit` (M1).
// F2. No more columns than `COLUMNS_MAX`: names that others invent do not fill a table.

import type { Json } from '@bookend/contract'
import { fixedColumns, isFixed, type Column, type ColumnType } from './columns.ts'
import type { FlatCall } from './flatten-call.ts'

/** Stores take more, and tools that show a table fewer. */
export const COLUMNS_MAX = 400

export interface FittedRow {
  readonly add: readonly Column[]
  readonly row: Readonly<Record<string, Json>>
  readonly unfit: readonly string[]
}

export interface FitOptions {
  /** False: only what has a column already is written. */
  readonly evolve: boolean
  /** `COLUMNS_MAX` when left out. */
  readonly columnsMax?: number
}

/** @param table The columns that there are; a type is null where the model has no word for it. */
export function fitRow(
  { cells, nameless }: FlatCall,
  table: ReadonlyMap<string, ColumnType | null>,
  { evolve, columnsMax = COLUMNS_MAX }: FitOptions,
): FittedRow {
  const add: Column[] = evolve ? fixedColumns.filter(({ name }) => !table.has(name)) : []
  const row: Record<string, Json> = {}
  const unfit: Record<string, Json> = { ...nameless }
  for (const [name, { type, value }] of cells) {
    const isThere = table.has(name)
    if (!isThere && !isFixed(name)) {
      const hasRoom = table.size + add.length < columnsMax
      if (value !== null && type !== null && evolve && hasRoom) add.push({ name, type })
      else {
        if (value !== null) unfit[name] = value
        continue
      }
    } else if (!isThere && !evolve) continue
    const kind = isThere ? table.get(name) : type
    const fitted = kind === null || kind === undefined ? value : fitValue(value, kind)
    if (fitted === undefined) unfit[name] = value
    row[name] = fitted ?? null
  }
  const names = Object.keys(unfit)
  if (names.length > 0 && 'unfit' in row) row['unfit'] = unfit
  return { add, row, unfit: names }
}

/** Undefined: it does not fit. */
function fitValue(value: Json, type: ColumnType): Json | undefined {
  if (value === null || type === 'json') return value
  switch (type) {
    case 'text':
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
      return Number.isSafeInteger(numberOf(value)) ? numberOf(value) : undefined
    case 'number':
      return numberOf(value)
    case 'instant':
      return typeof value === 'string' && INSTANT.test(value) ? value : undefined
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** A text is a number where it is written as one: `042` may be a code. */
function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value
  const read = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(read) && String(read) === value ? read : undefined
}
