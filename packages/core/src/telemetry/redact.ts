// Takes credentials and payment data out of what is kept of a step.
//
// V1. A value under a sensitive name is replaced whole, at any depth, whatever its shape; a switch
//     (true, false), null and an empty text say nothing and stay.
// V2. The value given is not changed; one without anything sensitive is given back as it is.
// V3. What is nested too deep to be looked through is not kept.

import type { Json } from '@bookend/contract'

export const REDACTED = '(redacted)'
const TOO_DEEP = '(nested too deep, not kept)'
const DEPTH_MAX = 100

/** As a word of a name: `card_number`, `newPassword`, `X-Auth-Token`. */
const WORDS = new Set(
  (
    'password passwd passphrase passcode pwd secret secrets authorization credential credentials ' +
    'cookie card cvv cvc ssn apikey jwt otp'
  ).split(' '),
)
/** A count of tokens is a number; a credential is not. */
const TEXT_WORDS = new Set(['token', 'tokens', 'bearer'])
/** Written as one word, or as several. */
const FUSED =
  /(apikey|password|passwd|accesskey|privatekey|secretkey|clientsecret|(access|auth|refresh|bearer|api|id)token|cardnumber|creditcard|debitcard|socialsecurity)/
const NAME_FIELDS = ['name', 'key', 'header'] as const

export function redact(value: unknown): unknown {
  return walk(value, 0)
}

/** Whether what stands under this name is taken out; `token` and its like for texts alone. */
export function isSensitiveName(name: string, value: unknown = ''): boolean {
  const known = names.get(name) ?? remember(name)
  return known === 'always' || (known === 'not_numbers' && typeof value !== 'number')
}

type Sensitivity = 'always' | 'not_numbers' | 'never'

/** The same few names come with every call. */
const names = new Map<string, Sensitivity>()
const NAMES_MAX = 2_000
const NAME_CHARACTERS_MAX = 100

function remember(name: string): Sensitivity {
  const found = classify(name.slice(0, NAME_CHARACTERS_MAX))
  if (names.size < NAMES_MAX && name.length <= NAME_CHARACTERS_MAX) names.set(name, found)
  return found
}

function classify(name: string): Sensitivity {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  if (words.some((word) => WORDS.has(word))) return 'always'
  const fused = FUSED.exec(words.join(''))?.[0]
  if (fused !== undefined) return fused.endsWith('token') ? 'not_numbers' : 'always'
  return words.some((word) => TEXT_WORDS.has(word)) ? 'not_numbers' : 'never'
}

function walk(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_MAX) return TOO_DEEP
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return walk((value as { toJSON(): Json }).toJSON(), depth + 1)
  }
  return Array.isArray(value) ? walkList(value, depth) : walkObject(value, depth)
}

function walkList(list: readonly unknown[], depth: number): unknown {
  const items = list.map((item) => walk(item, depth + 1))
  return items.every((item, index) => item === list[index]) ? list : items
}

function walkObject(object: object, depth: number): unknown {
  const isPair = isSensitivePair(object)
  let hasChanged = false
  const entries = Object.entries(object).map(([name, value]): [string, unknown] => {
    const isTaken = isSensitiveName(name, value) || (isPair && name === 'value')
    const kept = isTaken && saysSomething(value) ? REDACTED : walk(value, depth + 1)
    hasChanged ||= kept !== value
    return [name, kept]
  })
  return hasChanged ? Object.fromEntries(entries) : object
}

/** `{ name: 'Authorization', value: … }`, as lists of headers and fields are written. */
function isSensitivePair(object: object): boolean {
  if (!Object.hasOwn(object, 'value')) return false
  const fields = object as Readonly<Record<string, unknown>>
  return NAME_FIELDS.some((field) => {
    const name = Object.hasOwn(object, field) ? fields[field] : undefined
    return typeof name === 'string' && isSensitiveName(name, fields['value'])
  })
}

const saysSomething = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && typeof value !== 'boolean'
