// Whether a stored number is the caller's, and how it may have been stored.
//
//   as stored ─▶ parsePhone ─▶ E.164 ─▶ without what a country added or dropped ─▶ compared
//
// N1. Numbers are the same only as whole numbers: a tail or a national form alone never matches.
// N2. What cannot be a number is null; nothing is guessed into one.
// N3. An extension is kept apart: the line is the same, the person may not be.

import parsePhoneNumber, {
  type CountryCode,
  type PhoneNumber,
  getCountryCallingCode,
  isSupportedCountry,
} from 'libphonenumber-js/max'

export interface ParsedPhone {
  readonly e164: string
  /** ISO 3166-1 alpha-2; null for a number of no one country, or of a range not yet known. */
  readonly country: string | null
  /** Its digits without country code and trunk digit. */
  readonly national: string
  readonly extension: string | null
}

const LENGTH_MAX = 64
const VARIANTS_MAX = 8

/** @param country Whose national forms are understood; without it a number needs its country code. */
export function parsePhone(raw: string, country: string | null = null): ParsedPhone | null {
  const text = barePart(raw)
  if (text === null) return null
  const home = country !== null && isSupportedCountry(country) ? country : undefined
  return readWhole(text, home) ?? read(text, home)
}

/** With its country code, though without a `+`: as some store it who want digits only. */
function readWhole(text: string, home: CountryCode | undefined): ParsedPhone | null {
  const [, digits] = /^(?:00)?([1-9]\d{7,14})$/.exec(text.replaceAll(/[\s().\-/]/g, '')) ?? []
  if (digits === undefined) return null
  // Not every country dials `00` to go abroad, but who stores it means just that.
  const isMarked = text.startsWith('00')
  const isOfHome = home !== undefined && digits.startsWith(getCountryCallingCode(home))
  if (!isMarked && !isOfHome) return null
  const number = parsePhoneNumber(`+${digits}`)
  return number?.isValid() === true ? readNumber(number) : null
}

function read(text: string, home: CountryCode | undefined): ParsedPhone | null {
  const number = parsePhoneNumber(text, home)
  return number?.isPossible() === true ? readNumber(number) : readOldMexican(text)
}

function readNumber(number: PhoneNumber): ParsedPhone {
  return {
    e164: number.number,
    country: number.country ?? null,
    national: number.nationalNumber,
    extension: number.ext ?? null,
  }
}

/** `+52 1 …`, which is no longer a number, still stands in address books. */
function readOldMexican(text: string): ParsedPhone | null {
  const digits = /^\+52[\s().-]*1([\s().-]*\d){10}$/.test(text) ? text.replace(/\D/g, '') : null
  if (digits === null) return null
  const national = digits.slice(3)
  return { e164: `+52${national}`, country: 'MX', national, extension: null }
}

/** Of a SIP or `tel:` address the part that is a number; null for what is none. */
function barePart(raw: string): string | null {
  const text = raw.trim()
  if (text.length > LENGTH_MAX * 2) return null
  const [, sip] = /^sips?:([^@;?]*)/i.exec(text) ?? []
  const bare = (sip ?? text.replace(/^tel:/i, '')).trim()
  const isNumber = /^[+(\d][\d\s().\-/+]*(?:(?:;ext=|,|#|x|ext\.?|extension)\s*\d{1,7})?$/i
  return bare.length <= LENGTH_MAX && /\d/.test(bare) && isNumber.test(bare) ? bare : null
}

/** The same line, however it is written (N1); a stored number is read as of the other's country. */
export function samePhone(stored: string, e164: string): boolean {
  const asked = parsePhone(e164)
  if (asked === null) return false
  const found = parsePhone(stored, asked.country)
  return found !== null && foldPhone(found.e164) === foldPhone(asked.e164)
}

/** Mexico's and Argentina's mobile digit, and Brazil's ninth: with and without is one line. */
function foldPhone(e164: string): string {
  return e164
    .replace(/^\+521(\d{10})$/, '+52$1')
    .replace(/^\+549(\d{10})$/, '+54$1')
    .replace(/^\+55(\d\d)9([6-9]\d{7})$/, '+55$1$2')
}

function otherForm(e164: string): string | null {
  const folded = foldPhone(e164)
  if (folded !== e164) return folded
  const unfolded = e164
    .replace(/^\+52(\d{10})$/, '+521$1')
    .replace(/^\+54(\d{10})$/, '+549$1')
    .replace(/^\+55(\d\d)([6-9]\d{7})$/, '+55$19$2')
  return unfolded === e164 ? null : unfolded
}

/** How the number may have been stored, the most telling first; at most 8, none for what is none. */
export function phoneVariants(e164: string): readonly string[] {
  const parsed = parsePhone(e164)
  const number = parsed === null ? undefined : parsePhoneNumber(parsed.e164)
  if (number === undefined) return []
  const formatted = number.formatNational()
  const own = formatted.replace(/\D/g, '')
  const national = number.nationalNumber
  const digits = number.number.slice(1)
  const other = otherForm(number.number)
  const dashed = number.countryCallingCode === '1' ? splitNorthAmerican(national) : []
  const forms = [number.number, digits, national, own, ...(other === null ? [] : [other])]
  const written = [formatted, ...dashed, `00${digits}`]
  return [...new Set([...forms, ...written])].slice(0, VARIANTS_MAX)
}

function splitNorthAmerican(national: string): readonly string[] {
  const [, area = '', exchange = '', line = ''] = /^(\d{3})(\d{3})(\d{4})$/.exec(national) ?? []
  return area === '' ? [] : [`${area}-${exchange}-${line}`, `${area}.${exchange}.${line}`]
}

/** What an action has at hand to find people by their number. */
export interface PhoneTools {
  parse(raw: string, country?: string | null): ParsedPhone | null
  variants(e164: string): readonly string[]
  same(stored: string, e164: string): boolean
}

export const phoneTools: PhoneTools = {
  parse: parsePhone,
  variants: phoneVariants,
  same: samePhone,
}
