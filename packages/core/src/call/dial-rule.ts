// Which numbers Bookend may call or text of its own accord.
//
//   number ─▶ denied codes ─▶ is one ─▶ no premium rate ─▶ named, or country and type allowed
//
// T1. Nothing is allowed that the rule does not name: without countries there is no target (C11).
// T2. Premium-rate and satellite numbers are refused, whatever the rule names.

import parsePhoneNumber, { type NumberType } from 'libphonenumber-js/max'

export const dialTypes = ['mobile', 'fixed_line', 'voip', 'toll_free'] as const
export type DialType = (typeof dialTypes)[number]

export interface DialRule {
  /** ISO 3166-1 alpha-2, in upper case. */
  readonly countries: readonly string[]
  /** `mobile` and `fixed_line` when left out; a number that may be either passes for both. */
  readonly types?: readonly DialType[]
  /** E.164 numbers that pass whatever their country and type. */
  readonly numbers?: readonly string[]
}

export type DialRefusal =
  | 'not_a_number'
  | 'denied_calling_code'
  | 'premium_rate'
  | 'country_not_allowed'
  | 'type_not_allowed'

export type DialVerdict =
  | { readonly ok: true; readonly country: string | null }
  | { readonly ok: false; readonly reason: DialRefusal }

/** Satellite, international networks and international premium rate. */
const DENIED_CODE = /^\+(?:870|878|88[123]|979)/

const TYPES_DEFAULT: readonly DialType[] = ['mobile', 'fixed_line']

const TYPES_OF: Readonly<Partial<Record<NonNullable<NumberType>, readonly DialType[]>>> = {
  MOBILE: ['mobile'],
  FIXED_LINE: ['fixed_line'],
  FIXED_LINE_OR_MOBILE: ['mobile', 'fixed_line'],
  VOIP: ['voip'],
  TOLL_FREE: ['toll_free'],
}

/** Costs the caller more than a call: both are priced by whoever answers. */
const PRICED: ReadonlySet<NumberType> = new Set(['PREMIUM_RATE', 'SHARED_COST'])

/** @param e164 As the platform or `normaliseNumber` gave it. */
export function checkDialTarget(e164: string, rule: DialRule): DialVerdict {
  if (!/^\+[1-9]\d{6,14}$/.test(e164)) return refuse('not_a_number')
  if (DENIED_CODE.test(e164)) return refuse('denied_calling_code')
  const number = parsePhoneNumber(e164)
  // Another form of the same number would pass by a list that does not name it.
  if (number === undefined || number.number !== e164) return refuse('not_a_number')
  const type = number.getType()
  if (PRICED.has(type)) return refuse('premium_rate')
  const country = number.country ?? null
  if (rule.numbers?.includes(e164) === true) return { ok: true, country }
  if (!number.isValid()) return refuse('not_a_number')
  if (country === null || !rule.countries.includes(country)) return refuse('country_not_allowed')
  const allowed = rule.types ?? TYPES_DEFAULT
  const isAllowed = type !== undefined && TYPES_OF[type]?.some((own) => allowed.includes(own))
  return isAllowed === true ? { ok: true, country } : refuse('type_not_allowed')
}

const refuse = (reason: DialRefusal): DialVerdict => ({ ok: false, reason })
