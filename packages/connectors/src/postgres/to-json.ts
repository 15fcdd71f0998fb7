// PostgreSQL's text for a value, as JSON.
//
// T1. No number is rounded: what a JavaScript number cannot hold comes as text.
// T2. A date stays the day it is and an instant is in UTC, whatever the server's settings.
// T3. JSON from a column has no key `__proto__`.

import type { Json } from '@bookend/contract'
import pg from 'pg'

type Parse = (text: string) => Json

/** The driver's table of types, for one query: by OID, from text. */
export const jsonTypes = {
  getTypeParser: (oid: number): Parse => PARSERS.get(oid) ?? asText,
}

const asText: Parse = (text) => text

const asBoolean: Parse = (text) => text === 't'

const asInteger: Parse = (text) => {
  const value = Number(text)
  return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : text
}

const asFloat: Parse = (text) => {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

const asBase64: Parse = (text) => Buffer.from(text.slice(2), 'hex').toString('base64')

const INSTANT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?(?:([+-]\d\d)(:\d\d)?)?$/

/** As ISO 8601 with all its digits; `infinity` and years beyond 9999 stay as the server said. */
const asInstant: Parse = (text) => {
  const [, day, time, fraction = '', hours, minutes = ':00'] = INSTANT.exec(text) ?? []
  if (day === undefined || time === undefined) return text
  if (hours === undefined) return `${day}T${time}${fraction}`
  const utc = new Date(`${day}T${time}${hours}${minutes}`)
  return Number.isNaN(utc.getTime()) ? text : `${utc.toISOString().slice(0, 19)}${fraction}Z`
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

const asDocument: Parse = (text) => {
  const exact = text.replace(TEXT_OR_NUMBER, (token) => {
    if (token.startsWith('"')) return token
    const value = Number(token)
    const isExact = /^-?\d+$/.test(token) ? Number.isSafeInteger(value) : Number.isFinite(value)
    return isExact ? token : `"${token}"`
  })
  return JSON.parse(exact, (key, value: Json) => (key === '__proto__' ? undefined : value)) as Json
}

interface ArrayText {
  create(text: string, item: (text: string | null) => Json): { parse(): Json[] }
}

// The driver's typings call it a function; it is this object.
const arrayText = pg.types.arrayParser as unknown as ArrayText

const arrayOf =
  (item: Parse): Parse =>
  (text) =>
    arrayText.create(text, (entry) => (entry === null ? null : item(entry))).parse()

/** By the OIDs that PostgreSQL has fixed for its own types: the type, then its array. */
const TYPES: readonly (readonly [parse: Parse, oid: number, arrayOid: number])[] = [
  [asBoolean, 16, 1000],
  [asBase64, 17, 1001],
  [asInteger, 20, 1016],
  [asInteger, 21, 1005],
  [asInteger, 23, 1007],
  [asInteger, 26, 1028],
  [asInteger, 1700, 1231],
  [asFloat, 700, 1021],
  [asFloat, 701, 1022],
  [asDocument, 114, 199],
  [asDocument, 3802, 3807],
  [asInstant, 1114, 1115],
  [asInstant, 1184, 1185],
  [asText, 19, 1003], // name
  [asText, 25, 1009],
  [asText, 869, 1041], // inet
  [asText, 1042, 1014], // char(n)
  [asText, 1043, 1015],
  [asText, 1082, 1182], // date
  [asText, 1083, 1183], // time
  [asText, 1186, 1187], // interval
  [asText, 1266, 1270], // timetz
  [asText, 2950, 2951], // uuid
]

const PARSERS: ReadonlyMap<number, Parse> = new Map(
  TYPES.flatMap(([parse, oid, arrayOid]) => [
    [oid, parse] as const,
    [arrayOid, arrayOf(parse)] as const,
  ]),
)
