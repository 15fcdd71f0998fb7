// As much of SOQL as the fake understands: SELECT … FROM … WHERE … ORDER BY … LIMIT …

export type FakeRecord = Record<string, unknown>

interface Parsed {
  readonly fields: readonly string[]
  readonly object: string
  /** The fields that the condition names. */
  readonly named: readonly string[]
  readonly holds: (record: FakeRecord) => boolean
  readonly order: { readonly field: string; readonly isDescending: boolean } | null
  readonly limit: number
}

type Condition = (record: FakeRecord) => boolean

const TOKEN = /\s*('(?:[^'\\]|\\.)*'|[A-Za-z_][\w.]*|-?\d[\w.:-]*|!=|[=(),])/y

/** @throws {SyntaxError} What the fake does not understand, such as a quote that ends too early. */
export function parseSoql(text: string): Parsed {
  const tokens = tokenize(text)
  const named: string[] = []
  let at = 0

  const peek = (): string => tokens[at] ?? ''
  const isWord = (word: string): boolean => peek().toUpperCase() === word
  const next = (): string => {
    const token = tokens[at]
    if (token === undefined) throw new SyntaxError('unexpected end')
    at += 1
    return token
  }
  const expectWord = (word: string): void => {
    if (next().toUpperCase() !== word) throw new SyntaxError(`expected ${word}`)
  }
  const list = (): string[] => {
    const items = [next()]
    while (peek() === ',') {
      at += 1
      items.push(next())
    }
    return items
  }

  function either(): Condition {
    const parts = [both()]
    while (isWord('OR')) {
      at += 1
      parts.push(both())
    }
    return (record) => parts.some((part) => part(record))
  }

  function both(): Condition {
    const parts = [one()]
    while (isWord('AND')) {
      at += 1
      parts.push(one())
    }
    return (record) => parts.every((part) => part(record))
  }

  function one(): Condition {
    if (peek() === '(') {
      at += 1
      const inner = either()
      expectWord(')')
      return inner
    }
    const field = next()
    named.push(field)
    const operator = next().toUpperCase()
    if (operator === 'IN') {
      expectWord('(')
      const values = list().map(valueOf)
      expectWord(')')
      return (record) => values.some((value) => isSame(record[field], value))
    }
    if (operator !== '=') throw new SyntaxError(`no operator ${operator}`)
    const value = valueOf(next())
    return (record) => isSame(record[field], value)
  }

  expectWord('SELECT')
  const fields = list()
  expectWord('FROM')
  const object = next()
  let holds: Condition = () => true
  if (isWord('WHERE')) {
    at += 1
    holds = either()
  }
  let order: Parsed['order'] = null
  if (isWord('ORDER')) {
    at += 1
    expectWord('BY')
    order = { field: next(), isDescending: isWord('DESC') }
    if (isWord('DESC') || isWord('ASC')) at += 1
  }
  let limit = 2_000
  if (isWord('LIMIT')) {
    at += 1
    limit = Number(next())
  }
  if (at < tokens.length) throw new SyntaxError(`unexpected ${peek()}`)
  return { fields, object, named, holds, order, limit }
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (found === null) throw new SyntaxError(`cannot read at ${start}`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function valueOf(token: string): unknown {
  if (token.startsWith("'")) {
    return token.slice(1, -1).replaceAll(/\\(.)/g, (_, one: string) => UNESCAPED[one] ?? one)
  }
  if (/^(?:true|false|null)$/i.test(token)) return JSON.parse(token.toLowerCase())
  if (!/^-?\d/.test(token)) throw new SyntaxError(`no value ${token}`)
  return /^-?\d+(?:\.\d+)?$/.test(token) ? Number(token) : token
}

/** Texts are the same whatever their case; a field that is not there is null. */
function isSame(stored: unknown, asked: unknown): boolean {
  const own = stored ?? null
  return typeof own === 'string' && typeof asked === 'string'
    ? own.toLowerCase() === asked.toLowerCase()
    : own === asked
}
