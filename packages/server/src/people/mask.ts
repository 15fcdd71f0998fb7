// What a person may not see, in its masked form: enough to tell records apart, nothing to tell people by.

const DOTS = '•••'
/** Country codes of one digit, then those of two; the others have three. */
const COUNTRY = /^\+(1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/
const NUMBER = /^\+\d{5,15}$/
const MAIL = /^([^\s@])[^\s@]*@([^\s@]+\.[^\s@]+)$/
/** `anonymous`, `Restricted`: they say that there is no number. */
const NO_NUMBER = /^[A-Za-z][A-Za-z _-]{0,19}$/
/** Ids and instants are no words of anybody's. */
const PLAIN =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?)$/

/** `+1 ••• ••• ••01`: the country and the last two digits. */
export function maskNumber(raw: string): string {
  if (NO_NUMBER.test(raw)) return raw
  const country = COUNTRY.exec(raw)?.[1]
  if (!NUMBER.test(raw) || country === undefined) {
    return /^sips?:/i.test(raw) ? `sip:${DOTS}` : `${DOTS} ${DOTS}`
  }
  return `+${country} ${DOTS} ${DOTS} ••${raw.slice(-2)}`
}

/** `a•••@acme.com`, `+1 ••• ••• ••01`, else `•••, 42 characters`. */
export function maskText(text: string): string {
  if (text === '' || PLAIN.test(text)) return text
  if (NUMBER.test(text)) return maskNumber(text)
  const mail = MAIL.exec(text)
  if (mail !== null) return `${mail[1]}${DOTS}@${mail[2]}`
  return `${DOTS}, ${text.length} ${text.length === 1 ? 'character' : 'characters'}`
}

/** Every text in it masked; booleans, numbers and the names of fields stay. */
export function maskDeep<T>(value: T): T {
  if (typeof value === 'string') return maskText(value) as T
  if (Array.isArray(value)) return value.map(maskDeep) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, maskDeep(child)]),
  ) as T
}
