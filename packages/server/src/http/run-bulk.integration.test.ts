import type { ApiError } from '@bookend/sdk/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const told = { isFailing: false, done: 0 }
Object.assign(globalThis, { bulkTold: told })

const work = `
import { journey } from '@bookend/sdk'
export default journey('work', {
  on: 'work.asked',
  async run({ event, step }) {
    await step('act', () => {
      if (bulkTold.isFailing) throw new Error(event.payload.words ?? 'no')
      bulkTold.done += 1
    }, { retry: { attempts: 1 } })
  },
})
`
const rest = `
import { journey } from '@bookend/sdk'
export default journey('rest', {
  on: 'rest.asked',
  run: ({ sleep }) => sleep('night', '1d'),
})
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({ workflows: { 'work.journey.ts': work, 'rest.journey.ts': rest } })
})
afterAll(async () => await server[Symbol.asyncDispose]())
beforeEach(async () => {
  Object.assign(told, { isFailing: false, done: 0 })
  await query(server.database, 'delete from bookend.runs', [])
})

let events = 0
async function start(type: string, payload: Record<string, string> = {}): Promise<void> {
  events += 1
  const body = { event_type: type, event_id: `bulk${events}`, payload }
  await server.client.call('createEvent', { body })
}
async function count(status: string): Promise<number> {
  const sql = 'select count(*)::int as n from bookend.runs where status = $1'
  const [row] = (await query(server.database, sql, [status])) as { n: number }[]
  return row?.n ?? 0
}
const become = (status: string, runs: number) =>
  expect.poll(() => count(status), { timeout: 20_000 }).toBe(runs)
type Body = Parameters<typeof server.client.call<'operateRuns'>>[1]['body']
const operate = (body: Body) => server.client.call('operateRuns', { body })

describe('a bulk retry', () => {
  test('goes on with the failed runs of a workflow, and leaves alone what is maybe done', async () => {
    told.isFailing = true
    for (let n = 0; n < 5; n += 1) await start('work.asked')
    await start('work.asked', { words: 'maybe done: the answer was lost' })
    await become('failed', 6)
    told.isFailing = false
    const asked: Body = { action: 'retry', filter: { workflow: 'work', failed_step: 'act' } }
    const expected = { matched: 6, done: 5, skipped: [{ reason: 'maybe_done', count: 1 }] }
    expect(await operate({ ...asked, dry_run: true })).toEqual({ ...expected, has_more: false })
    expect(await count('failed')).toBe(6)
    expect(await operate(asked)).toEqual({ ...expected, has_more: false })
    await become('completed', 5)
    expect(told.done).toBe(5)
    expect(await count('failed')).toBe(1)
  })

  test('works page by page through more than one transaction, up to its limit (U1)', async () => {
    await query(
      server.database,
      `insert into bookend.runs (workspace_id, id, kind, workflow, version, status, started_at, error)
       select id, gen_random_uuid(), 'journey', 'gone', 'v0', 'failed',
         now() - n * interval '1 second', 'no'
       from bookend.workspaces, generate_series(1, 700) n`,
      [],
    )
    const first = await operate({ action: 'retry', filter: { workflow: 'gone' }, limit: 600 })
    expect(first).toMatchObject({ matched: 600, done: 600, has_more: true })
    const until = new Date(Date.now() - 3_600_000).toISOString()
    expect(await operate({ action: 'retry', filter: { until } })).toMatchObject({ matched: 0 })
  })

  test('of another status finds runs, and says that they are not failed', async () => {
    await start('rest.asked')
    await become('waiting', 1)
    expect(await operate({ action: 'retry', filter: { status: 'waiting' } })).toEqual({
      matched: 1,
      done: 0,
      skipped: [{ reason: 'not_failed', count: 1 }],
      has_more: false,
    })
  })

  test('of everything there is has to say so', async () => {
    const refused = await operate({ action: 'cancel', filter: {} }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ status: 422 } satisfies Partial<ApiError>)
  })
})

test('a bulk cancel ends runs that sleep and run, in this workspace alone (C13)', async () => {
  for (let n = 0; n < 3; n += 1) await start('rest.asked')
  await become('waiting', 3)
  const other = '00000000-0000-7000-8000-0000000000ff'
  await query(
    server.database,
    `insert into bookend.workspaces (id, name, signing_secret) values ($1, 'other', '\\x00')`,
    [other],
  )
  await query(
    server.database,
    `insert into bookend.runs (workspace_id, id, kind, workflow, version, status, started_at)
     values ($1, gen_random_uuid(), 'journey', 'rest', 'v', 'waiting', now())`,
    [other],
  )
  const since = new Date(Date.now() - 60_000).toISOString()
  const asked: Body = { action: 'cancel', filter: { workflow: 'rest', since } }
  expect(await operate(asked)).toMatchObject({ matched: 3, done: 3 })
  expect(await count('cancelled')).toBe(3)
  expect(await count('waiting')).toBe(1)
})
