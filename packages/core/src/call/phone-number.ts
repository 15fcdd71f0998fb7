import parsePhoneNumber from 'libphonenumber-js/min'

/** A door sees the same numbers again and again, and to parse one costs more than most of a call. */
const parsed = new Map<string, string | null>()
const parsedMax = 4_096
/** E.164 already. To parse it would find out which of two dozen countries it is in. */
const NORTH_AMERICAN = /^\+1[2-9]\d{9}$/

/**
 * The number in E.164 form; null for what is none: `anonymous`, a SIP address, a short code, an
 * extension. Plausible is enough: numbers reserved for examples and new ranges pass (threats C10).
 */
export function normaliseNumber(raw: string): string | null {
  const text = raw.trim()
  if (!/^(\+|00)[\d\s().-]{4,30}$/.test(text)) return null
  if (NORTH_AMERICAN.test(text)) return text
  const known = parsed.get(text)
  if (known !== undefined) return known
  const number = parse(text)
  if (parsed.size >= parsedMax) parsed.clear()
  parsed.set(text, number)
  return number
}

function parse(text: string): string | null {
  const number = parsePhoneNumber(text.replace(/^00/, '+'))
  return number?.isPossible() === true ? number.number : null
}
