// SOQL with values in it, and SOSL with numbers.
//
// Q1. A value becomes a literal of its own type and nothing else (threat D6).
// Q2. In a query of an author's, what stands in quotes is text: no value is put there.

import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import type { Json } from '../rest/parse-json.ts'
import type { SoqlValue } from './schema.ts'
import { type Context, exchange } from './session.ts'

const ANSWER_BYTES_MAX = 1_048_576

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}

/** A text as a literal. @throws {ConnectorFault} It holds what no literal can. */
export function quote(text: string): string {
  if (text.includes('\0')) throw refusal('text_with_nul')
  return `'${text.replace(/[\\'\n\r\t\b\f]/g, (one) => ESCAPES[one] ?? '')}'`
}

function literal(value: SoqlValue): string {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `(${value.map(literal).join(',')})`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('date' in value) return value.date
  return new Date(value.instant).toISOString()
}

/** Puts values where `:name` stands, outside of quotes. */
export function bind(soql: string, values: Readonly<Record<string, SoqlValue>>): string {
  return soql.replace(
    /'(?:[^'\\]|\\[^])*'|(?<!\w):([A-Za-z_]\w*)/g,
    (found: string, name: string | undefined) => {
      if (name === undefined) return found
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      if (value === undefined) throw refusal('value_not_given')
      return literal(value)
    },
  )
}

/** @throws {ConnectorFault} Anything else, which would end a filter or fit nothing. */
export function checkId(id: string): string {
  if (!isId(id)) throw refusal('id_is_no_record_id')
  return id
}

export const isId = (id: string): boolean => /^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(id)

const refusal = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })

const SalesforceRecord = z.looseObject({ Id: z.string().min(1).optional() })
export type SalesforceRecord = Readonly<Record<string, Json>>

const Found = z.object({ records: z.array(SalesforceRecord), done: z.boolean().default(true) })

export interface Answer {
  readonly records: readonly SalesforceRecord[]
  /** There is more than came. */
  readonly isCut: boolean
}

export async function query(ctx: Context, soql: string): Promise<Answer> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: ['query'],
    query: { q: soql },
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  const { success, data } = Found.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return { records: data.records as unknown as SalesforceRecord[], isCut: !data.done }
}

const Hits = z.object({ searchRecords: z.array(SalesforceRecord) })

/** Contacts with any of these digits in a field of a number: the index knows no punctuation. */
export async function searchPhones(
  ctx: Context,
  digits: readonly string[],
  fields: readonly string[],
  max: number,
): Promise<readonly SalesforceRecord[]> {
  const terms = digits.map((one) => one.replace(/\D/g, '')).filter((one) => one !== '')
  const find = [...new Set(terms)].join(' OR ')
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: ['search'],
    query: {
      q: `FIND {${find}} IN PHONE FIELDS RETURNING Contact(${fields.join(', ')} LIMIT ${max})`,
    },
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  const { success, data } = Hits.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return data.searchRecords as unknown as SalesforceRecord[]
}
