// What a page of each list costs the database, by its own account: it must not grow with the table.
// With `BOOKEND_LIST_ROWS=1000000` it says how long each takes on a million rows.

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../testing/postgres.ts'
import type { Queryable } from '../database.ts'
import { migrate } from '../migrate.ts'
import { listAudit } from './audit.ts'
import { listCalls } from './calls.ts'
import { listRuns } from './runs.ts'

const WORKSPACE = '01990000-0000-7000-8000-000000000000'
const OTHER = '01990000-0000-7000-8000-000000000001'
const ROWS = Number(process.env['BOOKEND_LIST_ROWS'] ?? 20_000)
const LIMIT = 50
/** Of 8 KB each: a page's rows with the parts beside them, whatever is in the table. */
const BLOCKS_MAX = 3_000

let server: TestDatabase
let client: pg.Client

const id = (kind: number): string =>
  `('0199${kind}000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`

beforeAll(async () => {
  server = await testDatabase()
  client = new pg.Client(server.connection)
  await client.connect()
  await migrate(client)
  for (const workspace of [WORKSPACE, OTHER]) {
    await client.query("insert into workspaces (id, name, signing_secret) values ($1, 'W', '')", [
      workspace,
    ])
  }
  const series = `generate_series(1, ${ROWS}) n`
  const at = `now() - make_interval(secs => n)`
  const owner = `case n % 2 when 0 then '${WORKSPACE}'::uuid else '${OTHER}'::uuid end`
  await client.query(
    `insert into calls (workspace_id, id, status, direction, platform, from_number, to_number, agent,
       params, external_identifiers, outcome, created_at)
     select ${owner}, ${id(1)}, case n % 500 when 0 then 'failed' else 'completed' end, 'inbound', 'api',
       '+1555' || (n % 1000), '+2', '{}', '{}', '{}', '{"type":"continue"}', ${at} from ${series}`,
  )
  await client.query(
    `insert into runs (workspace_id, id, kind, workflow, status, call_id, started_at, missing, outcome)
     select ${owner}, ${id(2)}, 'pre-call', 'intake' || (n % 20),
       case n % 500 when 0 then 'fallback' else 'answered' end, ${id(1)}, ${at}, '[]',
       '{"type":"continue"}' from ${series}`,
  )
  await client.query(
    `insert into audit (workspace_id, id, created_at, actor_kind, actor_label, action)
     select ${owner}, ${id(3)}, ${at}, 'key', 'k', 'updateAgent' from ${series}`,
  )
  await client.query('analyze')
}, 600_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
})

interface Cost {
  readonly blocks: number
  readonly ms: number
}

/** Runs the list with every statement explained in place of answered. */
async function costOf(list: (reads: Queryable) => Promise<unknown>): Promise<Cost> {
  let blocks = 0
  let ms = 0
  const explained = {
    async query(sql: string, values: unknown[]) {
      const { rows } = await client.query<{ 'QUERY PLAN': [Explained] }>(
        `explain (analyze, buffers, format json) ${sql}`,
        values,
      )
      const told = rows[0]?.['QUERY PLAN'][0]
      if (told === undefined) throw new Error('The statement was not explained')
      blocks += told.Plan['Shared Hit Blocks'] + told.Plan['Shared Read Blocks']
      ms += told['Execution Time']
      return { rows: [] }
    },
  }
  await list(explained as unknown as Queryable)
  return { blocks, ms }
}

interface Explained {
  readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }
  readonly 'Execution Time': number
}

const LISTS: Readonly<Record<string, (reads: Queryable) => Promise<unknown>>> = {
  calls: (reads) => listCalls(reads, WORKSPACE, { limit: LIMIT }),
  'calls of a caller': (reads) =>
    listCalls(reads, WORKSPACE, { limit: LIMIT, from_number: '+155520' }),
  'calls that failed': (reads) => listCalls(reads, WORKSPACE, { limit: LIMIT, status: 'failed' }),
  runs: (reads) => listRuns(reads, WORKSPACE, { limit: LIMIT }),
  'runs of a workflow': (reads) =>
    listRuns(reads, WORKSPACE, { limit: LIMIT, workflow: 'intake4' }),
  'runs that fell back': (reads) =>
    listRuns(reads, WORKSPACE, { limit: LIMIT, status: 'fallback' }),
  'the audit log': (reads) => listAudit(reads, WORKSPACE, { limit: LIMIT }),
}

test.each(Object.entries(LISTS))(
  'a page of %s costs as little as if it were all',
  async (name, list) => {
    await costOf(list)
    const { blocks, ms } = await costOf(list)
    if (ROWS >= 1_000_000) process.stdout.write(`${name}: ${blocks} blocks, ${ms.toFixed(1)} ms\n`)
    expect(blocks).toBeLessThan(BLOCKS_MAX)
  },
)
