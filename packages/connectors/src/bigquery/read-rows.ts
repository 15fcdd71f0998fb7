// BigQuery's rows, which are lists of texts, as rows by the names of their columns.

import type { Json } from '@bookend/contract'
import { z } from 'zod'
import type { Row } from '../warehouse/input.ts'

export interface Field {
  readonly name: string
  readonly type: string
  readonly mode?: string | undefined
  readonly fields?: readonly Field[] | undefined
}

export const Field: z.ZodType<Field> = z.looseObject({
  name: z.string(),
  type: z.string(),
  mode: z.string().optional(),
  get fields() {
    return z.array(Field).optional()
  },
})

const MICROS_PER_MS = 1_000

export const rowOf = (fields: readonly Field[], values: readonly Json[]): Row =>
  Object.fromEntries(fields.map((field, at) => [field.name, valueOf(field, values[at] ?? null)]))

function valueOf(field: Field, value: Json): Json {
  if (value === null) return null
  if (field.mode === 'REPEATED') {
    const single = { ...field, mode: 'NULLABLE' }
    return Array.isArray(value) ? value.map((item) => valueOf(single, cell(item))) : null
  }
  if (field.type === 'RECORD' || field.type === 'STRUCT') {
    const parts = typeof value === 'object' && 'f' in value ? value['f'] : null
    return Array.isArray(parts) ? rowOf(field.fields ?? [], parts.map(cell)) : null
  }
  return typeof value === 'string' ? readText(field.type, value) : value
}

const cell = (item: Json): Json =>
  typeof item === 'object' && item !== null && 'v' in item ? (item['v'] ?? null) : null

function readText(type: string, text: string): Json {
  switch (type) {
    case 'INTEGER':
    case 'INT64':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'FLOAT':
    case 'FLOAT64':
      // `NaN` and `Infinity` are no JSON.
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 'BOOLEAN':
    case 'BOOL':
      return text === 'true'
    case 'TIMESTAMP': {
      const at = new Date(Number(text) / MICROS_PER_MS)
      return Number.isNaN(at.getTime()) ? text : at.toISOString()
    }
    case 'JSON':
      return parsed(text)
    default:
      return text
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
