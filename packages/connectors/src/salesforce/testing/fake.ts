// An org of Salesforce as far as the connector uses it: contacts, cases and tasks with external ids, a
// small SOQL that sees every write, and a search whose index lags.

import { createVerify, generateKeyPairSync } from 'node:crypto'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'
import { type FakeRecord, parseSoql } from './soql.ts'

export interface FakeSalesforce extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  /** A record that has long been there. */
  readonly seed: (object: string, values: FakeRecord) => FakeRecord
  readonly all: (object: string) => readonly FakeRecord[]
  /** From now on searches see what was written before, and nothing later. */
  readonly stopIndex: () => void
  /** Every session has ended. */
  readonly endSessions: () => void
  readonly tokens: readonly string[]
  /** The claims of assertions, as they were signed. */
  readonly claims: readonly unknown[]
}

export interface FakeSalesforceOptions {
  readonly settings?: Readonly<Record<string, unknown>>
  readonly isByJwt?: boolean
  /** What stands in a token's answer for where the org is. */
  readonly instance?: string
}

export const BASE_PATH = '/services/data/v63.0'

/** Fields that are external ids, and unique. */
const UNIQUE = new Set(['Bookend_Key__c', 'Bookend_Contact__c', 'Serial__c'])
const PREFIX: Readonly<Record<string, string>> = { Contact: '003', Case: '500', Task: '00T' }
const CLIENT = { client_id: 'canary-client-id', client_secret: 'canary-client-secret' }

let pair: { readonly privateKey: string; readonly publicKey: string } | null = null

function keys(): { readonly privateKey: string; readonly publicKey: string } {
  pair ??= generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return pair
}

export async function openFakeSalesforce({
  settings: more = {},
  isByJwt = false,
  instance,
}: FakeSalesforceOptions = {}): Promise<FakeSalesforce> {
  const tables = new Map<string, Map<string, FakeRecord>>()
  const tokens: string[] = []
  const claims: unknown[] = []
  let isOver = new Set<string>()
  let indexed: ReadonlySet<FakeRecord> | null = null
  let made = 0
  let ticks = Date.parse('2026-01-05T09:00:00Z')

  const table = (object: string): Map<string, FakeRecord> => {
    const own = tables.get(object) ?? new Map<string, FakeRecord>()
    tables.set(object, own)
    return own
  }
  const tick = (): string => new Date((ticks += 1_000)).toISOString().replace('Z', '+0000')

  function add(object: string, values: FakeRecord): FakeRecord {
    made += 1
    const id = (PREFIX[object] ?? 'a00') + String(made).padStart(15, '0')
    const at = tick()
    const record = complete(object, { ...values, Id: id, CreatedDate: at, LastModifiedDate: at })
    if (object === 'Case') record['CaseNumber'] = String(made).padStart(8, '0')
    table(object).set(id, record)
    return record
  }

  function change(object: string, record: FakeRecord, values: FakeRecord): void {
    Object.assign(record, values, { LastModifiedDate: tick() })
    complete(object, record)
  }

  function handle(request: VendorRequest): VendorAnswer {
    const { path, headers } = request
    if (path === '/services/oauth2/token') return giveToken(request.body as FakeForm)
    const token = (headers['authorization'] ?? '').replace('Bearer ', '')
    if (!tokens.includes(token) || isOver.has(token)) return refuse(401, 'INVALID_SESSION_ID')
    const [noun = '', object = '', first = '', ...rest] = request.segments.slice(3)
    const values = (request.body ?? {}) as FakeRecord
    switch (noun) {
      case 'limits':
        return ok({ DailyApiRequests: { Max: 15_000, Remaining: 14_982 } })
      case 'query':
        return select(request.query.get('q') ?? '')
      case 'search':
        return search(request.query.get('q') ?? '')
      case 'sobjects':
        if (request.method === 'POST') return create(object, values)
        if (rest.length > 0) return upsert(object, first, rest.join('/'), values)
        return update(object, first, values)
      default:
        return refuse(404, 'NOT_FOUND')
    }
  }

  function giveToken(form: FakeForm): VendorAnswer {
    const isGood = isByJwt
      ? isSigned(form.assertion ?? '', claims)
      : form.client_id === CLIENT.client_id && form.client_secret === CLIENT.client_secret
    if (!isGood) return { status: 400, body: { error: 'invalid_grant', error_description: 'no' } }
    const token = `00Dcanary!token.${tokens.length}`
    tokens.push(token)
    return ok({
      access_token: token,
      instance_url: instance ?? vendor.url,
      token_type: 'Bearer',
      issued_at: '1767603600000',
    })
  }

  function select(soql: string): VendorAnswer {
    try {
      const { fields, object, named, holds, order, limit } = parseSoql(soql)
      if (named.some((name) => name.endsWith('__c') && !UNIQUE.has(name))) {
        return refuse(400, 'INVALID_FIELD')
      }
      const found = [...table(object).values()].filter(holds)
      if (order !== null) found.sort((a, b) => compare(a[order.field], b[order.field]))
      if (order?.isDescending === true) found.reverse()
      const records = found.slice(0, limit).map((one) => shown(object, one, fields))
      return ok({ totalSize: records.length, done: true, records })
    } catch {
      return refuse(400, 'MALFORMED_QUERY')
    }
  }

  function search(sosl: string): VendorAnswer {
    const [, find = '', object = '', fields = '', limit = ''] =
      /^FIND \{([^{}]*)\} IN PHONE FIELDS RETURNING (\w+)\(([\w., ]+) LIMIT (\d+)\)$/.exec(sosl) ??
      []
    const terms = find.split(' OR ')
    if (object === '' || !terms.every((one) => /^\d+$/.test(one))) {
      return refuse(400, 'MALFORMED_SEARCH')
    }
    const seen = [...table(object).values()].filter((one) => indexed?.has(one) ?? true)
    const searchRecords = seen
      .filter((one) => digitsOf(one).some((own) => terms.some((term) => own.startsWith(term))))
      .slice(0, Number(limit))
      .map((one) => shown(object, one, fields.split(', ')))
    return ok({ searchRecords })
  }

  function create(object: string, values: FakeRecord): VendorAnswer {
    if (object === 'Contact' && values['LastName'] === undefined) {
      return refuse(400, 'REQUIRED_FIELD_MISSING')
    }
    return { status: 201, body: { id: add(object, values)['Id'], success: true, errors: [] } }
  }

  function upsert(object: string, field: string, value: string, values: FakeRecord): VendorAnswer {
    if (!UNIQUE.has(field)) return refuse(404, 'NOT_FOUND')
    const known = [...table(object).values()].find((one) => one[field] === value)
    if (known === undefined && object === 'Contact' && values['LastName'] === undefined) {
      return refuse(400, 'REQUIRED_FIELD_MISSING')
    }
    if (known === undefined) {
      const id = add(object, { ...values, [field]: value })['Id']
      return { status: 201, body: { id, success: true, created: true, errors: [] } }
    }
    change(object, known, values)
    return ok({ id: known['Id'], success: true, created: false, errors: [] })
  }

  function update(object: string, id: string, values: FakeRecord): VendorAnswer {
    const found = table(object).get(id)
    if (found === undefined) return refuse(404, 'NOT_FOUND')
    change(object, found, values)
    return { status: 204, text: '' }
  }

  const description = readDescription('salesforce', { basePath: BASE_PATH })
  const vendor = await openFakeVendor({ handle, description })
  return {
    vendor,
    auth: isByJwt
      ? {
          kind: 'jwt',
          client_id: CLIENT.client_id,
          username: 'bookend@acme.example',
          private_key: keys().privateKey,
        }
      : { kind: 'client', ...CLIENT },
    settings: (url) => ({ base_url: url, ...more }),
    seed: add,
    all: (object) => [...table(object).values()],
    stopIndex() {
      indexed = new Set([...tables.values()].flatMap((own) => [...own.values()]))
    },
    endSessions() {
      isOver = new Set(tokens)
    },
    tokens,
    claims,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

interface FakeForm {
  readonly client_id?: string
  readonly client_secret?: string
  readonly assertion?: string
}

function isSigned(assertion: string, claims: unknown[]): boolean {
  const [head = '', body = '', signature = ''] = assertion.split('.')
  const verify = createVerify('RSA-SHA256').update(`${head}.${body}`)
  if (!verify.verify(keys().publicKey, signature, 'base64url')) return false
  claims.push(JSON.parse(Buffer.from(body, 'base64url').toString()))
  return true
}

const ok = (body: unknown): VendorAnswer => ({
  status: 200,
  headers: { 'sforce-limit-info': 'api-usage=18/15000' },
  body,
})

const refuse = (status: number, errorCode: string): VendorAnswer => ({
  status,
  body: [{ errorCode, message: `It says: ${errorCode}`, fields: [] }],
})

/** What an org works out by itself. */
function complete(object: string, record: FakeRecord): FakeRecord {
  if (object === 'Case') record['IsClosed'] = record['Status'] === 'Closed'
  if (object === 'Contact') {
    record['Name'] = [record['FirstName'], record['LastName']].filter(Boolean).join(' ') || null
  }
  return record
}

function shown(object: string, record: FakeRecord, fields: readonly string[]): FakeRecord {
  const own: FakeRecord = { attributes: { type: object, url: `${BASE_PATH}/sobjects/${object}` } }
  for (const path of fields) {
    const [name = '', ...rest] = path.split('.')
    own[name] = rest.length > 0 ? (record[name] ?? null) : (record[path] ?? null)
  }
  return own
}

const digitsOf = (record: FakeRecord): readonly string[] =>
  ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone'].flatMap((name) => {
    const value = record[name]
    return typeof value === 'string' ? [value.replaceAll(/\D/g, '')] : []
  })

const compare = (a: unknown, b: unknown): number => String(a).localeCompare(String(b))
