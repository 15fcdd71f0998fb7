// A dataset of BigQuery's as far as the connector uses it: tables with tags, rows that are dropped by
// their `insertId`, one job for a `requestId`, and of SQL only what the connector itself writes.

import type { Json } from '@bookend/contract'
import { isToken, openTokenDoor, refuse, serviceAuth } from '../../google/testing/token-door.ts'
import type { TokenDoor } from '../../google/testing/token-door.ts'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'
import type { Field } from '../read-rows.ts'

interface FakeTable {
  fields: readonly Field[]
  tag: number
  rows: Readonly<Record<string, Json>>[]
}

interface Query {
  readonly query: string
  readonly requestId?: string
  readonly queryParameters: readonly {
    readonly name: string
    readonly parameterType: { readonly type: string }
    readonly parameterValue: { readonly value: string | null }
  }[]
}

export interface FakeBigquery {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  readonly door: TokenDoor
  /** By `dataset.table`. */
  readonly tables: ReadonlyMap<string, FakeTable>
  readonly seed: (name: string, fields: readonly Field[]) => FakeTable
  /** Jobs that ran, and were not one that had run before. */
  readonly jobs: () => number
  /** From now on a query is done only when its results are asked for so many times. */
  readonly slowDown: (rounds: number) => void
  /** What the next query answers with. */
  readonly answerNext: (fields: readonly Field[], rows: readonly (readonly Json[])[]) => void
}

const PROJECT = 'canary-project'

export async function openFakeBigquery(
  more: Readonly<Record<string, unknown>> = {},
): Promise<FakeBigquery> {
  const door = openTokenDoor()
  const tables = new Map<string, FakeTable>()
  const done = new Map<string, VendorAnswer>()
  const running = new Map<string, { rounds: number; answer: VendorAnswer }>()
  const insertIds = new Set<string>()
  let jobs = 0
  let slow = 0
  let next: VendorAnswer | null = null

  const tableOf = (dataset: string, name: string, { fields, tag }: FakeTable): VendorAnswer => ({
    status: 200,
    body: {
      etag: `"${tag}"`,
      tableReference: { projectId: PROJECT, datasetId: dataset, tableId: name },
      schema: { fields },
    },
  })

  function handle(request: VendorRequest): VendorAnswer {
    const token = door.answer(request)
    if (token !== null) return token
    if (!door.isOpen(request)) return refuse(401, 'authError')
    const [, project, kind, first = '', noun, name = '', verb] = request.segments
    if (project !== PROJECT) return refuse(404, 'notFound')
    if (kind === 'queries') return first === '' ? query(request) : results(first)
    if (noun === undefined) return { status: 200, body: { location: 'EU' } }
    const path = `${first}.${name}`
    const table = tables.get(path)
    if (name === '') return create(first, request)
    if (table === undefined) return refuse(404, 'notFound')
    if (verb === 'insertAll') return insertAll(table, request)
    if (request.method === 'GET') return tableOf(first, name, table)
    if (request.headers['if-match'] !== `"${table.tag}"`) return refuse(412, 'conditionNotMet')
    const { fields } = (request.body as { schema: { fields: readonly Field[] } }).schema
    if (table.fields.some((was) => !fields.some((now) => now.name === was.name))) {
      return refuse(400, 'invalid')
    }
    table.fields = fields
    table.tag += 1
    return tableOf(first, name, table)
  }

  function create(dataset: string, { body }: VendorRequest): VendorAnswer {
    const { tableReference, schema } = body as {
      tableReference: { tableId: string }
      schema: { fields: readonly Field[] }
    }
    const path = `${dataset}.${tableReference.tableId}`
    if (tables.has(path)) return refuse(409, 'duplicate')
    return tableOf(dataset, tableReference.tableId, seed(path, schema.fields))
  }

  function insertAll(table: FakeTable, { body }: VendorRequest): VendorAnswer {
    const { rows } = body as { rows: { insertId: string; json: Record<string, Json> }[] }
    const names = new Set(table.fields.map(({ name }) => name))
    const isBad = (json: Record<string, Json>): boolean =>
      Object.keys(json).some((name) => !names.has(name))
    if (rows.some(({ json }) => isBad(json))) {
      const insertErrors = rows.map(({ json }, index) => ({
        index,
        errors: [{ reason: isBad(json) ? 'invalid' : 'stopped', message: 'words' }],
      }))
      return { status: 200, body: { insertErrors } }
    }
    for (const { insertId, json } of rows) {
      if (insertIds.has(insertId)) continue
      insertIds.add(insertId)
      table.rows.push(json)
    }
    return { status: 200, body: {} }
  }

  function query({ body }: VendorRequest): VendorAnswer {
    const asked = body as Query
    const known = asked.requestId === undefined ? undefined : done.get(asked.requestId)
    const answer = known ?? (/^merge/i.test(asked.query) ? merge(asked) : select(asked))
    if (asked.requestId !== undefined) done.set(asked.requestId, answer)
    if (known === undefined) jobs += 1
    if (slow === 0 || answer.status !== 200) return answer
    const jobId = `job_${jobs}`
    running.set(jobId, { rounds: slow, answer })
    return {
      status: 200,
      body: { jobComplete: false, jobReference: { projectId: PROJECT, jobId, location: 'EU' } },
    }
  }

  function results(jobId: string): VendorAnswer {
    const job = running.get(jobId)
    if (job === undefined) return refuse(404, 'notFound')
    job.rounds -= 1
    return job.rounds <= 0 ? job.answer : { status: 200, body: { jobComplete: false } }
  }

  function merge({ query: sql, queryParameters }: Query): VendorAnswer {
    const [, dataset, name] = /^merge into `[^`]+`\.`([^`]+)`\.`([^`]+)`/.exec(sql) ?? []
    const table = tables.get(`${dataset}.${name}`)
    if (table === undefined) return refuse(404, 'notFound')
    const values = new Map(queryParameters.map((one) => [one.name, one.parameterValue.value]))
    const row = Object.fromEntries(
      [...sql.matchAll(/(cast|parse_json)\(@(\w+)(?: as (\w+))?\) as `(\w+)`/g)].map(
        ([, kind, param = '', type = 'json', column = '']) => [
          column,
          readAs(kind === 'cast' ? type : 'json', values.get(param) ?? null),
        ],
      ),
    )
    const keys = [...sql.matchAll(/t\.`(\w+)` = s\./g)].map(([, key = '']) => key)
    const at = table.rows.findIndex((one) => keys.every((key) => one[key] === row[key]))
    if (at === -1) table.rows.push(row)
    else table.rows[at] = { ...table.rows[at], ...row }
    return { status: 200, body: { jobComplete: true, numDmlAffectedRows: '1' } }
  }

  /** The parameters as one row, unless another answer was prepared. */
  function select({ queryParameters }: Query): VendorAnswer {
    if (next !== null) {
      const prepared = next
      next = null
      return prepared
    }
    const fields = queryParameters.map(({ name, parameterType: { type } }) => ({ name, type }))
    return rowsOf(fields, [queryParameters.map(({ parameterValue: { value } }) => value)])
  }

  const seed: FakeBigquery['seed'] = (name, fields) => {
    const table = { fields, tag: 1, rows: [] }
    tables.set(name, table)
    return table
  }

  const description = readDescription('bigquery', { isOther: isToken })
  return {
    vendor: await openFakeVendor({ handle, description }),
    auth: serviceAuth,
    settings: (url) => ({
      project: PROJECT,
      dataset: 'reporting',
      base_url: url,
      token_url: `${url}/token`,
      ...more,
    }),
    door,
    tables,
    seed,
    jobs: () => jobs,
    slowDown(rounds) {
      slow = rounds
    },
    answerNext(fields, rows) {
      next = rowsOf(fields, rows)
    },
  }
}

const rowsOf = (fields: readonly Field[], rows: readonly (readonly Json[])[]): VendorAnswer => ({
  status: 200,
  body: {
    jobComplete: true,
    jobReference: { projectId: PROJECT, jobId: 'job_rows', location: 'EU' },
    schema: { fields },
    rows: rows.map((row) => ({ f: row.map((v) => ({ v })) })),
    totalRows: String(rows.length),
  },
})

function readAs(type: string, text: string | null): Json {
  if (text === null) return null
  if (type === 'json') return JSON.parse(text) as Json
  if (type === 'int64' || type === 'float64') return Number(text)
  return type === 'bool' ? text === 'true' : text
}
