// Rows as the driver gives them, as JSON.
//
// T1. No number is rounded: what a JavaScript number cannot hold comes as text, as do decimals.
// T2. An instant (`timestamp`) is in UTC; a `datetime` has no zone and gets none.

import type { Json } from '@bookend/contract'
import type { FieldPacket } from 'mysql2'
import type { Answer } from './session.ts'
import type { Row } from './schema.ts'

/** Of the protocol; the driver's own list of them cannot be imported by name. */
const TIMESTAMP = 7
const DATETIME = 12

export function toRows({ result, fields }: Answer): Row[] {
  if (!Array.isArray(result)) return []
  const typeOf = new Map(fields.map((field) => [field.name, typeIn(field)]))
  return result.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) =>
        name === '__proto__' ? [] : [[name, toJson(value, typeOf.get(name))]],
      ),
    ),
  )
}

/** The driver's typings have it under another name. */
const typeIn = (field: FieldPacket): number | undefined =>
  (field as { readonly columnType?: number }).columnType ?? field.type

function toJson(value: unknown, type: number | undefined): Json {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (type === TIMESTAMP) return `${text.replace(' ', 'T')}Z`
  return type === DATETIME ? text.replace(' ', 'T') : text
}
