// Phone numbers as platforms send them.
//
// N1. Only the shape is checked (`+` and 7 to 15 digits), never a national plan.
// N2. What is no number is never one by accident: words, templates and the pseudo-numbers that
//     carriers spell on a keypad are a withheld caller, and two withheld callers are not one.

import type { Direction } from '../neutral.ts'

export type NumberFormat = 'e164' | 'digits'

export interface ReadNumber {
  readonly number: string | null
  /** What was sent instead of a number, if that says anything. */
  readonly raw: string | null
  readonly uri: string | null
}

const NOTHING: ReadNumber = { number: null, raw: null, uri: null }
const TEMPLATE = /^\{\{.*\}\}$/s
const URI = /^<?((?:sips?|tel):([^@;?>]*)[^>]*)>?$/i
const E164 = /^\+\d{7,15}$/
const DIGITS = /^\d{7,15}$/
const rawMax = 256

/** ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a telephone's keypad. */
const KEYPAD_WORDS = new Set(['266696687', '7378742833', '2562533', '8656696', '86282452253'])

export const isE164 = (text: string): boolean => E164.test(text)

/** @param format `digits`: the carrier sends whole numbers without their `+`. */
export function readNumber(value: unknown, format: NumberFormat = 'e164'): ReadNumber {
  const sent = typeof value === 'number' ? String(value) : value
  if (typeof sent !== 'string') return NOTHING
  const text = sent.trim().slice(0, rawMax)
  if (text === '' || TEMPLATE.test(text)) return NOTHING
  const [, uri, user] = URI.exec(text) ?? []
  if (uri !== undefined) return { number: shapeOf(user ?? '', format), raw: null, uri }
  const number = shapeOf(text, format)
  return number === null ? { number, raw: text, uri: null } : { number, raw: null, uri: null }
}

function shapeOf(text: string, format: NumberFormat): string | null {
  const bare = text.replace(/[\s().-]/g, '')
  if (KEYPAD_WORDS.has(bare.replace(/^\+/, ''))) return null
  if (E164.test(bare)) return bare
  return format === 'digits' && DIGITS.test(bare) ? `+${bare}` : null
}

export interface Parties {
  readonly from_number: string | null
  readonly to_number: string | null
  readonly context: readonly (readonly [string, string | null])[]
}

export function readParties(from: unknown, to: unknown, format: NumberFormat): Parties {
  const [caller, called] = [readNumber(from, format), readNumber(to, format)]
  return {
    from_number: caller.number,
    to_number: called.number,
    context: [
      ['from_raw', caller.raw],
      ['to_raw', called.raw],
      ['from_uri', caller.uri],
      ['to_uri', called.uri],
    ],
  }
}

/** `outbound` and everything that begins with it is outbound, `outgoing` too; else nothing is said. */
export function directionOf(value: unknown): Direction | null {
  if (typeof value !== 'string') return null
  if (/^out(bound|going)/i.test(value)) return 'outbound'
  return /^in(bound|coming)/i.test(value) ? 'inbound' : null
}
