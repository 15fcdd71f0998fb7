// Which headers may be configured, and which may be sent.
//
// H1. Syntax is checked when a header is saved and again when it is sent: a template may have
//     produced the value in between.
// H2. The client alone frames the message and chooses the host; no header from outside may say
//     otherwise. What signs a delivery is set by Bookend, so it is refused from owners only.

export interface HeaderProblem {
  readonly header: string
  /** A sentence for the owner; it repeats nothing of the value. */
  readonly reason: string
}

type Headers = Readonly<Record<string, string>>

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const valueLengthMax = 8_192

const FRAMING_NAMES: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const isFraming = (name: string): boolean => FRAMING_NAMES.has(name) || name.startsWith('proxy-')
const isSignature = (name: string): boolean =>
  name.startsWith('webhook-') || name.startsWith('svix-')

/** The first reason why an owner may not configure these headers. */
export function findConfiguredHeaderProblem(headers: Headers): HeaderProblem | null {
  for (const header of Object.keys(headers)) {
    if (isSignature(header.toLowerCase())) return { header, reason: 'is set by Bookend' }
  }
  return findHeaderProblem(headers)
}

/** The first reason why these headers may not be sent. */
export function findHeaderProblem(headers: Headers): HeaderProblem | null {
  const seen: string[] = []
  for (const header of Object.keys(headers)) {
    const reason = problemOf(header, headers[header] ?? '', seen)
    if (reason !== null) return { header, reason }
  }
  return null
}

function problemOf(header: string, value: string, seen: string[]): string | null {
  const { name, reason } = judged.get(header) ?? judgeName(header)
  if (reason !== null) return reason
  if (seen.includes(name)) return 'is there twice'
  seen.push(name)
  if (value.length > valueLengthMax) return `must be at most ${valueLengthMax} characters`
  return PRINTABLE_ASCII.test(value) ? null : 'must be printable ASCII'
}

interface JudgedName {
  /** In lower case. */
  readonly name: string
  readonly reason: string | null
}

/** The same few names are sent with every request. */
const judged = new Map<string, JudgedName>()
const judgedMax = 500
const judgedLengthMax = 64

function judgeName(header: string): JudgedName {
  const name = header.toLowerCase()
  const isToken = TOKEN.test(header)
  const reason = isToken ? (isFraming(name) ? 'is set by Bookend' : null) : 'is not a header name'
  const found = { name, reason }
  if (judged.size < judgedMax && header.length <= judgedLengthMax) judged.set(header, found)
  return found
}
