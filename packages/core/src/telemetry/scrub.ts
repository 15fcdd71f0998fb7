// Takes what is secret or personal out of a text for people who run a server: a message of an error, a
// field of a log line (threat E8).
//
// W1. What looks like a credential, a number of a person or of a card is replaced; the rest stays
//     readable. A text of any length takes time in proportion to it, and only its beginning is kept.
// W2. It is the last net. What is known to be secret is not put into a message in the first place.

import { REDACTED } from './redact.ts'

const CHARACTERS_MAX = 4_000

/** `https://user:password@host/path?query`, of any scheme: host and path stay. */
const URL_PARTS =
  /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?:[^\s/@"'<>]{1,300}@)?([^\s?#"'<>]{0,500})(?:\?[^\s"'<>]{0,2000})?/gi
const SCHEMES = /\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{6,}/gi
/** Ours, and those of signatures and of well-known services. */
const KEYS =
  /\b(?:bk|wt|whsec|sk|pk|rk|pat|ghp|gho|xox[abp]|eyJ)[_-]?[A-Za-z0-9][A-Za-z0-9._/+=-]{11,}/g
const ASSIGNED =
  /\b((?:[a-z]{0,20}[_-]?)?(?:password|passwd|secret|token|api[_-]?key|authorization|cookie))(["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;&]{3,}/gi
const DIGITS = /(?<![\w-])\+?\d(?:[ ().-]{0,2}\d){7,18}(?![\w-])/g

export function scrubText(text: string): string {
  return text
    .slice(0, CHARACTERS_MAX)
    .replace(URL_PARTS, (whole, scheme: string, rest: string) =>
      whole === scheme + rest ? whole : `${scheme}${rest}`,
    )
    .replace(SCHEMES, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(ASSIGNED, (_, name: string, sign: string) => `${name}${sign}${REDACTED}`)
    .replace(KEYS, REDACTED)
    .replace(DIGITS, (found) => (isPersonal(found) ? REDACTED : found))
}

/** A number of a phone, which is written with its plus, or of a card, which Luhn's rule tells. */
function isPersonal(found: string): boolean {
  const digits = found.replace(/\D/g, '')
  if (found.startsWith('+')) return digits.length >= 8 && digits.length <= 15
  return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits)
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
