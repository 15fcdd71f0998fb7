// A database of Snowflake's as far as the connector uses it: a statement for each `requestId`, tables
// whose columns are looked up, and of SQL only what the connector itself writes.

import type { Json } from '@bookend/contract'
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

interface FakeColumn {
  readonly name: string
  /** As `information_schema` tells it. */
  readonly type: string
  readonly scale?: number
}

interface FakeTable {
  columns: readonly FakeColumn[]
  rows: Readonly<Record<string, Json>>[]
}

interface Body {
  readonly statement: string
  readonly bindings: Readonly<
    Record<string, { readonly type: string; readonly value: string | null }>
  >
}

export interface FakeSnowflake {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  /** What the tokens claimed. */
  readonly claims: readonly Record<string, unknown>[]
  /** By `SCHEMA.TABLE`. */
  readonly tables: ReadonlyMap<string, FakeTable>
  readonly seed: (name: string, columns: readonly FakeColumn[]) => FakeTable
  /** Statements that changed something, and were not one that had run before. */
  readonly writes: () => number
  /** From now on a statement is still running when it is answered, and when it is asked for, so often. */
  readonly slowDown: (rounds: number) => void
  readonly answerNext: (
    columns: readonly object[],
    rows: readonly (readonly (string | null)[])[],
  ) => void
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const FINGERPRINT = createHash('sha256').update(publicKey).digest('base64')
const SUBJECT = 'ACME-MAIN.BOOKEND'

const keyAuth = { kind: 'key_pair', user: 'bookend', private_key: privateKey } as const
export const tokenAuth = { kind: 'token', token: 'canary-programmatic-token' } as const

export interface FakeSnowflakeOptions {
  readonly auth?: unknown
  readonly settings?: Readonly<Record<string, unknown>>
}

export async function openFakeSnowflake(
  options: FakeSnowflakeOptions = {},
): Promise<FakeSnowflake> {
  const tables = new Map<string, FakeTable>()
  const done = new Map<string, VendorAnswer>()
  const running = new Map<string, { rounds: number; answer: VendorAnswer }>()
  const claims: Record<string, unknown>[] = []
  let handles = 0
  let writes = 0
  let slow = 0
  let next: VendorAnswer | null = null

  function isSignedIn({ headers }: VendorRequest): boolean {
    const token = headers['authorization']?.replace('Bearer ', '') ?? ''
    if (headers['x-snowflake-authorization-token-type'] === 'PROGRAMMATIC_ACCESS_TOKEN') {
      return token === tokenAuth.token
    }
    const [head = '', body = '', signature = ''] = token.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const key = createPublicKey(privateKey)
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, bytes)) return false
    const claimed = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
    claims.push(claimed)
    return claimed['iss'] === `${SUBJECT}.SHA256:${FINGERPRINT}` && claimed['sub'] === SUBJECT
  }

  const handle = (): string => `01b2c3d4-0000-${String((handles += 1)).padStart(4, '0')}`
  const refuse = (status: number, code: string): VendorAnswer => ({
    status,
    body: { code, message: 'words of Ada', statementHandle: handle(), sqlState: '42000' },
  })
  const rowsOf = (
    columns: readonly object[],
    data: readonly (readonly (string | null)[])[],
  ): VendorAnswer => ({
    status: 200,
    body: {
      code: '090001',
      statementHandle: handle(),
      resultSetMetaData: { numRows: data.length, format: 'jsonv2', rowType: columns },
      data,
    },
  })
  const DONE = (): VendorAnswer =>
    rowsOf([{ name: 'number of rows inserted', type: 'fixed', scale: 0 }], [['1']])

  function answer(request: VendorRequest): VendorAnswer {
    if (!isSignedIn(request)) return refuse(401, '390144')
    if (request.method === 'GET') return poll(request.segments.at(-1) ?? '')
    const id = request.query.get('requestId')
    const known = id === null ? undefined : done.get(id)
    const given = known ?? execute(request.body as Body)
    if (id !== null && given.status === 200) done.set(id, given)
    if (slow === 0 || given.status !== 200) return given
    const statementHandle = handle()
    running.set(statementHandle, { rounds: slow, answer: given })
    return { status: 202, body: { code: '333334', statementHandle } }
  }

  function poll(statementHandle: string): VendorAnswer {
    const found = running.get(statementHandle)
    if (found === undefined) return refuse(404, '000404')
    found.rounds -= 1
    return found.rounds <= 0
      ? found.answer
      : { status: 202, body: { code: '333334', statementHandle } }
  }

  function execute({ statement, bindings }: Body): VendorAnswer {
    const values = Object.keys(bindings)
      .toSorted((a, b) => Number(a) - Number(b))
      .map((at) => bindings[at]?.value ?? null)
    if (/information_schema/.test(statement)) return columnsOf(values)
    if (/current_user\(\)/.test(statement)) return whoami()
    if (/^\s*(select|with)/i.test(statement)) return select(bindings)
    writes += 1
    const [, schema = 'PUBLIC', name = ''] =
      /^\w+ (?:into|table)(?: if not exists)? (?:"(\w+)"\.)?"(\w+)"/.exec(statement) ?? []
    const path = `${schema}.${name}`
    if (statement.startsWith('create')) {
      if (!tables.has(path)) seed(path, declared(statement))
      return DONE()
    }
    const table = tables.get(path)
    if (table === undefined) return refuse(422, '002003')
    if (statement.startsWith('alter')) return alter(table, declared(statement))
    return statement.startsWith('merge')
      ? merge(table, statement, values)
      : insert(table, statement, values)
  }

  function columnsOf([schema, name]: readonly (string | null)[]): VendorAnswer {
    const found = tables.get(`${schema}.${name}`)?.columns ?? []
    const names = ['NAME', 'TYPE', 'DIGITS', 'SCALE']
    return rowsOf(
      names.map((own, at) => ({ name: own, type: at < 2 ? 'text' : 'fixed', scale: 0 })),
      found.map(({ name: column, type, scale }) => [
        column,
        type,
        type === 'NUMBER' ? '38' : null,
        type === 'NUMBER' ? String(scale ?? 0) : null,
      ]),
    )
  }

  const whoami = (): VendorAnswer =>
    rowsOf(
      ['NAME', 'DATABASE', 'WAREHOUSE'].map((name) => ({ name, type: 'text' })),
      [['BOOKEND', 'REPORTING', null]],
    )

  /** The bindings as one row, unless another answer was prepared. */
  function select(bindings: Body['bindings']): VendorAnswer {
    if (next !== null) {
      const prepared = next
      next = null
      return prepared
    }
    const all = Object.values(bindings)
    return rowsOf(
      all.map(({ type }, at) => ({ name: `V${at}`, type: type.toLowerCase(), scale: 0 })),
      [all.map(({ value }) => value)],
    )
  }

  function alter(table: FakeTable, added: readonly FakeColumn[]): VendorAnswer {
    const isThere = added.some(({ name }) => table.columns.some((own) => own.name === name))
    if (isThere) return refuse(422, '001430')
    table.columns = [...table.columns, ...added]
    return DONE()
  }

  function merge(
    table: FakeTable,
    statement: string,
    values: readonly (string | null)[],
  ): VendorAnswer {
    const cells = [...statement.matchAll(/((?:cast|parse_json|to_\w+)\([^"]*?\)) as "(\w+)"/g)]
    const row = Object.fromEntries(
      cells.map(([, cast = '', name = ''], at) => [name, readAs(cast, values[at] ?? null)]),
    )
    const keys = [...statement.matchAll(/t\."(\w+)" = s\./g)].map(([, key = '']) => key)
    const at = table.rows.findIndex((one) => keys.every((key) => one[key] === row[key]))
    if (at === -1) table.rows.push(row)
    else table.rows[at] = { ...table.rows[at], ...row }
    return DONE()
  }

  function insert(
    table: FakeTable,
    statement: string,
    values: readonly (string | null)[],
  ): VendorAnswer {
    const [, list = ''] = /^insert into [^(]+\(([^)]*)\)/.exec(statement) ?? []
    const names = list.split(', ').map((name) => name.replaceAll('"', ''))
    const [, first = ''] = statement.split('\n')
    const casts = first.match(/(?:cast|parse_json|to_\w+)\(.*?\)(?=,|$)/g) ?? []
    for (let at = 0; at < values.length; at += names.length) {
      const cells = names.map((name, n) => [name, readAs(casts[n] ?? '', values[at + n] ?? null)])
      table.rows.push(Object.fromEntries(cells) as Record<string, Json>)
    }
    return DONE()
  }

  const seed: FakeSnowflake['seed'] = (name, columns) => {
    const table = { columns, rows: [] }
    tables.set(name, table)
    return table
  }

  const description = readDescription('snowflake')
  return {
    vendor: await openFakeVendor({ handle: answer, description }),
    auth: options.auth ?? keyAuth,
    settings: (url) => ({
      account: 'acme-main',
      database: 'REPORTING',
      base_url: url,
      ...options.settings,
    }),
    claims,
    tables,
    seed,
    writes: () => writes,
    slowDown(rounds) {
      slow = rounds
    },
    answerNext(columns, rows) {
      next = rowsOf(columns, rows)
    },
  }
}

const TOLD_AS: Readonly<Record<string, string>> = { VARCHAR: 'TEXT', 'NUMBER(38,0)': 'NUMBER' }

/** `"NAME" type, …` of a create or alter. */
const declared = (statement: string): readonly FakeColumn[] =>
  [...statement.matchAll(/"(\w+)" ([a-z_]+(?:\(\d+,\d+\))?)(?=[,)]|$)/g)].map(
    ([, name = '', type = '']) => ({
      name,
      type: TOLD_AS[type.toUpperCase()] ?? type.toUpperCase(),
    }),
  )

function readAs(cast: string, text: string | null): Json {
  if (text === null) return null
  if (cast.includes('parse_json')) return JSON.parse(text) as Json
  if (/as (number|float)/.test(cast)) return Number(text)
  return cast.includes('boolean') ? text === 'true' : text
}
