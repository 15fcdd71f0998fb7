// Snowflake's rows, which are lists of texts, as rows by the names of their columns.

import type { Json } from '@bookend/contract'
import { z } from 'zod'
import type { Row } from '../warehouse/input.ts'

export const ColumnType = z.object({
  name: z.string(),
  type: z.string(),
  scale: z.number().nullish(),
})
export type ColumnType = z.output<typeof ColumnType>

const DAY_MS = 86_400_000

/** Names that nobody put in quotes are told in upper case, and meant in any. */
const nameOf = ({ name }: ColumnType): string =>
  /^[A-Z0-9_$]+$/.test(name) ? name.toLowerCase() : name

export const rowOf = (columns: readonly ColumnType[], values: readonly (string | null)[]): Row =>
  Object.fromEntries(
    columns.map((column, at) => [nameOf(column), valueOf(column, values[at] ?? null)]),
  )

function valueOf({ type, scale }: ColumnType, text: string | null): Json {
  if (text === null) return null
  switch (type.toLowerCase()) {
    case 'fixed':
      return (scale ?? 0) === 0 && Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'real':
      // `NaN` and `inf` are no JSON.
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return text === 'true' || text === '1'
    case 'date':
      return instant(Number(text) * DAY_MS)?.slice(0, 10) ?? text
    case 'timestamp_ltz':
    case 'timestamp_ntz':
    case 'timestamp_tz':
      // Seconds of UTC; behind them, in one kind, the minutes of a zone.
      return instant(Math.floor(Number(text.split(' ')[0]) * 1_000)) ?? text
    case 'variant':
    case 'object':
    case 'array':
      return parsed(text)
    default:
      return text
  }
}

function instant(ms: number): string | null {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
