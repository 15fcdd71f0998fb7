import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Queryable } from '../database.ts'
import { Bench } from '../../workers/deliveries/testing/bench.ts'
import { listDeliveries, type DeliveryListing } from './deliveries.ts'
import { healthOf, latencyOf } from './endpoint-health.ts'

const MANY = 30_000
/** One in so many has the rare fate, or the rare type. */
const RARE = 3_000

let bench: Bench
let common = ''
let rare = ''

beforeAll(async () => {
  bench = await Bench.open()
  common = (await bench.subscribe('https://hooks.example.com/common')).id
  rare = (await bench.subscribe('https://hooks.example.com/rare')).id
  await bench.query(
    `insert into events (workspace_id, id, type, dedupe_key, payload, created_at)
     select $1, 'evt_' || n, case when n % ${RARE} = 1 then 'rare.event' else 'common.event' end,
       n::text, '{}', now() - (${MANY} - n) * interval '1 s'
     from generate_series(1, ${MANY}) n`,
    [bench.workspaceId],
  )
  await bench.query(
    `insert into deliveries (workspace_id, id, subscription_id, event_id, event_type, status,
       attempts, next_attempt_at, created_at)
     select workspace_id, gen_random_uuid(), case when n % ${RARE} = 2 then $3::uuid else $2::uuid end,
       id, type, case when n % ${RARE} = 3 then 'dead' when n % ${RARE} = 4 then 'pending'
         when n % ${RARE} = 5 then 'cancelled' else 'delivered' end, 1,
       case when n % ${RARE} = 4 then now() + interval '1 hour' end, created_at
     from events, lateral (select dedupe_key::integer as n) as numbered where workspace_id = $1`,
    [bench.workspaceId, common, rare],
  )
  await bench.query(
    `insert into delivery_attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status)
     select workspace_id, id, 1, created_at, 40, 200 from deliveries where workspace_id = $1`,
    [bench.workspaceId],
  )
  await bench.query('analyze deliveries')
  await bench.query('analyze delivery_attempts')
}, 60_000)
afterAll(() => bench[Symbol.asyncDispose]())

interface Plan {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** Rows that every scan of the plan looked at. */
const rowsOf = (plan: Plan): number => {
  const { Plans: below = [], 'Actual Loops': loops, 'Rows Removed by Filter': removed = 0 } = plan
  const here = (below.length === 0 ? plan['Actual Rows'] + removed : removed) * loops
  return here + below.reduce((sum, each) => sum + rowsOf(each), 0)
}

/** How many rows the statements of `work` looked at. */
async function rowsRead(work: (client: Queryable) => Promise<unknown>): Promise<number> {
  let rows = 0
  const explaining = {
    async query(sql: string, values: unknown[]) {
      const { rows: plans } = await bench.database.pool.query(
        `explain (analyze, format json) ${sql}`,
        values,
      )
      rows += rowsOf(plans[0]['QUERY PLAN'][0].Plan)
      return await bench.database.pool.query(sql, values)
    },
  } as unknown as Queryable
  await work(explaining)
  return rows
}

const search = (listing: Partial<DeliveryListing>, client: Queryable = bench.database.pool) =>
  listDeliveries(client, bench.workspaceId, { limit: 20, ...listing })
const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString()

describe('deliveries across endpoints', () => {
  test.each<[string, () => Partial<DeliveryListing>]>([
    ['all', () => ({})],
    ['of one endpoint', () => ({ subscriptionId: common })],
    ['of an endpoint that gets few', () => ({ subscriptionId: rare })],
    ['dead', () => ({ status: 'dead' })],
    ['dead, of one endpoint', () => ({ status: 'dead', subscriptionId: common })],
    ['waiting', () => ({ status: 'pending' })],
    ['cancelled', () => ({ status: 'cancelled' })],
    ['delivered', () => ({ status: 'delivered' })],
    ['of a rare type', () => ({ eventType: 'rare.event' })],
    [
      'of a common type, since an hour',
      () => ({ eventType: 'common.event', since: minutesAgo(60) }),
    ],
  ])('are found without reading the others: %s', async (_, listing) => {
    expect(await rowsRead((client) => search(listing(), client))).toBeLessThan(300)
    expect((await search(listing())).deliveries.length).toBeGreaterThanOrEqual(9)
  })

  test('come newest first, each once, over pages', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await search({ eventType: 'rare.event', limit: 3, cursor: cursor ?? undefined })
      seen.push(...page.deliveries.map((delivery) => delivery.event_id))
      cursor = page.next_cursor
    } while (cursor !== null)
    const numbers = seen.map((id) => Number(id.slice('evt_'.length)))
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, at) => (9 - at) * RARE + 1))
  })

  test('are those of one’s own workspace (I5)', async () => {
    const { deliveries } = await listDeliveries(bench.database.pool, randomUUID(), { limit: 20 })
    expect(deliveries).toEqual([])
  })
})

test('the health of an endpoint costs the same whatever was delivered to it (E1)', async () => {
  const ids = [common, rare]
  const work = async (client: Queryable): Promise<void> => {
    await healthOf(client, bench.workspaceId, ids)
    await latencyOf(client, bench.workspaceId, common)
  }
  expect(await rowsRead(work)).toBeLessThan(5_000)
  const health = await healthOf(bench.database.pool, bench.workspaceId, ids)
  expect(health.get(common)).toMatchObject({ state: 'unused', waiting: 10, dead: 10 })
  expect(health.get(common)?.next_attempt_at).not.toBeNull()
  expect(health.get(rare)).toMatchObject({ waiting: 0, dead: 0, next_attempt_at: null })
  const latency = await latencyOf(bench.database.pool, bench.workspaceId, common)
  expect(latency).toMatchObject({ p50_ms: 40, p99_ms: 40 })
  expect(latency?.attempts).toBeGreaterThan(900)
})
