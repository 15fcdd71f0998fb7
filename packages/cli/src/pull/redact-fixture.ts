// Who called, taken out of a fixture: each name, number, address and token has a stand-in, the same one
// wherever it is found, so that what belonged together still does.
//
// D1. Stand-ins are counted in the order of the file: the same call always gives the same fixture.
// D2. What the workflow's own code says is left: the business's number, and where calls are put through
//     to, or a replay would compare the code with stand-ins.
// D3. Names are those that stand in a field for one, and wherever else they are said. A name that
//     stands in no field is not found.

import type { Call, Json, JsonObject } from '@bookend/contract'

const NAMES = 'Ada Grace Alan Barbara Edsger Frances Donald Margaret Ken Radia'.split(' ')
const NAME_FIELD = /(^|_)(name|first|last|surname|caller|customer|contact|patient)$/i
/** Named by whoever wrote the workflow or set up the agent. */
const OWN_NAMES = new Set(['agent_name', 'function_name', 'table_name'])
const SECRET_FIELD = /(account|card|iban|ssn|passport|birth|dob|address|street|zip|postal)/i

/** Says which thing it is, not who called. */
const STRUCTURE =
  /^(id|uuid|simple_uuid|.*_id|.*_at|timestamp|status|direction|platform|workflow|form|journeys|connection|action|type)$/
const OWN_PARTS = new Set(['agent', 'analyzers', 'tags'])

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i
const INSTANT = /^\d{4}-\d{2}-\d{2}T/
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const PHONE = /(?<![\w-])\+?\(?\d[\d\s().-]{6,}\d(?![\w-])/g
const TOKEN =
  /\b(?:(?:bk|sk|pk|rk|ghp|xox[abp]|pat|key|tok)[_-][\w-]{8,}|eyJ[\w-]+\.[\w-]+\.[\w-]*|[0-9a-f]{32,}|(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,})/g
const DIGITS_MIN = 8
const DIGITS_MAX = 15

type Fields = Readonly<Record<string, Json>>

export function redactFixture(fixture: JsonObject): JsonObject {
  const { direction, from_number: from, to_number: to } = fixture as unknown as Call
  const stand = new StandIns(direction === 'outbound' ? from : to)
  collectNames(fixture, stand)
  return redactFields(fixture, stand)
}

class StandIns {
  readonly #own: string
  readonly #names = new Map<string, string>()
  readonly #others = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  constructor(ownNumber: string) {
    this.#own = digitsOf(ownNumber)
  }

  addName(name: string): void {
    for (const word of name.split(/\s+/)) {
      const isName = /^\p{Lu}[\p{L}'’-]+$/u.test(word)
      if (!isName || this.#names.has(word)) continue
      const at = this.#names.size
      this.#names.set(word, NAMES[at] ?? `Name${at + 1}`)
    }
  }

  /** The stand-in of a whole value. */
  of(kind: string, value: string, render: (count: number) => string): string {
    const known = this.#others.get(`${kind} ${value}`)
    if (known !== undefined) return known
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    const made = render(count)
    this.#others.set(`${kind} ${value}`, made)
    return made
  }

  text(text: string): string {
    if (UUID.test(text) || INSTANT.test(text)) return text
    const plain = text
      .replace(EMAIL, (mail) => this.of('mail', mail, (count) => `person${count}@example.com`))
      .replace(TOKEN, (token) => this.of('token', token, (count) => `token-${count}`))
      .replace(PHONE, (number) => this.#number(number))
    return plain.replace(/\p{L}[\p{L}'’-]*/gu, (word) => this.#name(word))
  }

  #number(number: string): string {
    const digits = digitsOf(number)
    const isNumber = digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX
    if (!isNumber || digits === this.#own || /^\d{4}-\d{2}-\d{2}/.test(number)) return number
    return this.of('number', digits, (count) => `+1555010${String(count).padStart(4, '0')}`)
  }

  #name(word: string): string {
    const exact = this.#names.get(word)
    if (exact !== undefined) return exact
    // Ada's, and ada where speech was written down without capitals.
    const [, stem = '', ending = ''] = /^(.+?)(['’]s)$/.exec(word) ?? []
    if (this.#names.has(stem)) return `${this.#names.get(stem)}${ending}`
    for (const [name, made] of this.#names) {
      if (word === name.toLowerCase()) return made.toLowerCase()
      if (word === name.toUpperCase()) return made.toUpperCase()
    }
    return word
  }
}

const digitsOf = (number: string): string => number.replace(/\D/g, '')

function collectNames(value: Json, stand: StandIns, field = ''): void {
  if (typeof value === 'string') {
    if (NAME_FIELD.test(field) && !OWN_NAMES.has(field)) stand.addName(value)
  } else if (Array.isArray(value)) {
    for (const one of value) collectNames(one, stand, field)
  } else if (value !== null && typeof value === 'object') {
    for (const [name, one] of Object.entries(value)) {
      if (OWN_PARTS.has(name) || STRUCTURE.test(name)) continue
      // A step's own name is the workflow's.
      if (name === 'steps' && Array.isArray(one)) {
        for (const step of one as Fields[]) collectNames(step['output'] ?? null, stand)
      } else collectNames(one, stand, name)
    }
  }
}

function redactFields(fields: JsonObject, stand: StandIns): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (OWN_PARTS.has(name) || STRUCTURE.test(name) || OWN_NAMES.has(name)) return [name, value]
      if (name === 'external_identifiers') return [name, redactIds(value, stand)]
      if (name === 'outcome') return [name, redactOutcome(value, stand)]
      if (name === 'steps' && Array.isArray(value)) {
        return [name, value.map((step) => redactStep(step, stand))]
      }
      return [name, redactValue(value, stand, name)]
    }),
  )
}

/** What is said may hold a name; where a call is put through to is the workflow's own (D2). */
function redactOutcome(outcome: Json, stand: StandIns): Json {
  if (outcome === null || typeof outcome !== 'object' || Array.isArray(outcome)) return outcome
  const { to_number: to, ...said } = outcome
  return { ...redactFields(said, stand), ...(to === undefined ? {} : { to_number: to }) }
}

function redactStep(step: Json, stand: StandIns): Json {
  if (step === null || typeof step !== 'object' || Array.isArray(step)) return step
  const { input = null, output = null, error = null } = step
  return {
    ...step,
    input: redactValue(input, stand, ''),
    output: redactValue(output, stand, ''),
    error: redactValue(error, stand, ''),
  }
}

function redactValue(value: Json, stand: StandIns, field: string): Json {
  if (typeof value === 'string') {
    if (value === '' || !SECRET_FIELD.test(field)) return stand.text(value)
    return stand.of(field, value, (count) => `${field}-${count}`)
  }
  if (typeof value === 'number' && SECRET_FIELD.test(field)) {
    return Number(stand.of(field, String(value), String))
  }
  if (Array.isArray(value)) return value.map((one) => redactValue(one, stand, field))
  return value !== null && typeof value === 'object' ? redactFields(value, stand) : value
}

/** What another system calls this call: a key to it there. */
const redactIds = (value: Json, stand: StandIns): Json =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([name, id]) => [
          name,
          typeof id === 'string' ? stand.of('id', id, (count) => `id-${count}`) : id,
        ]),
      )
