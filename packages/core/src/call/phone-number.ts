import parsePhoneNumber from 'libphonenumber-js/min'

/**
 * The number in E.164 form; null for what is none: `anonymous`, a SIP address, a short code, an
 * extension. Plausible is enough: numbers reserved for examples and new ranges pass (threats C10).
 */
export function normaliseNumber(raw: string): string | null {
  const text = raw.trim()
  if (!/^(\+|00)[\d\s().-]{4,30}$/.test(text)) return null
  const parsed = parsePhoneNumber(text.replace(/^00/, '+'))
  return parsed?.isPossible() === true ? parsed.number : null
}
