import type { ConnectorFault } from '@bookend/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { anywhere } from '../testing/reach.ts'
import { someCall } from '../analytics/testing/call.ts'
import { analyticsWrite } from './analytics.ts'
import { client, type PostgresClient } from './client.ts'
import { AnalyticsInput, PostgresSettings } from './schema.ts'
import { context } from './testing/context.ts'
import { freshDatabase, type Database } from './testing/database.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'

let database: Database
let proxy: FaultProxy
let settings: PostgresSettings
let sessions: PostgresClient

beforeAll(async () => {
  database = await freshDatabase()
  const { place, name } = database
  proxy = await startFaultProxy(`${place.host}/.s.PGSQL.${place.port}`)
  settings = PostgresSettings.parse({
    url: `postgres://${place.user}@127.0.0.1:${proxy.port}/${name}?sslmode=disable`,
    pool_max: 10,
  })
  sessions = client.open(settings, { password: 'unused' }, anywhere)
})

beforeEach(async () => {
  proxy.heal()
  await database.admin.query('drop table if exists calls')
})

afterAll(async () => {
  await client.close(sessions)
  await proxy[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const write = (more: object = {}, input: object = {}) =>
  analyticsWrite.run(
    context({ settings, client: sessions }),
    AnalyticsInput.parse({ call: { ...someCall, ...more }, ...input } as z.input<
      typeof AnalyticsInput
    >),
  )
const verdictOf = (running: Promise<unknown>) =>
  running.then(
    () => ({ kind: 'ok', detail: '' }),
    (error: ConnectorFault) => error.verdict,
  )
/** As a journey does: an idle session that was reset as well may be met first. */
const tryAgain = () => vi.waitFor(() => write(), { timeout: 15_000 })
const rows = async () =>
  (await database.admin.query('select * from calls order by call_id')).rows as Record<
    string,
    unknown
  >[]
const typesOf = async (names: readonly string[]) => {
  const { rows: found } = await database.admin.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_name = 'calls' and column_name = any($1)`,
    [names],
  )
  return Object.fromEntries(found.map(({ name, type }) => [name, type]))
}

describe('calls in a table', () => {
  test('make it, with columns of their types, and one row', async () => {
    const { columns_added: added } = await write()
    expect(added).toContain('analysis_wish_urgent')
    expect(await rows()).toMatchObject([
      {
        call_id: someCall.uuid,
        started_at: new Date('2026-02-28T08:00:00Z'),
        duration_seconds: '200',
        transferred: false,
        sentiment: 'negative',
        sentiment_score: -0.4,
        tags: ['upset'],
        param_plan: 'gold',
        param_orders: 2,
        analysis_wish_kind: 'callback',
        analysis_wish_urgent: true,
        analysis_wish_dates: ['2026-03-01'],
        unfit: null,
      },
    ])
    expect(await typesOf(['ended_at', 'param_orders', 'analysis_wish_dates', 'call_id'])).toEqual({
      call_id: 'text',
      ended_at: 'timestamp with time zone',
      param_orders: 'double precision',
      analysis_wish_dates: 'jsonb',
    })
  })

  test('add columns as they come, and lose nothing of what was known before (A3)', async () => {
    await write()
    const more = await write({ analysis: {}, params: { plan: 'silver', city: 'Ulm' } })
    expect(more.columns_added).toEqual(['param_city'])
    const kept = { param_plan: 'silver', param_city: 'Ulm', analysis_wish_kind: 'callback' }
    expect(await rows()).toMatchObject([kept])
  })

  test('keep a column’s type, and what does not fit it (M1)', async () => {
    await write()
    const { unfit } = await write({ params: { plan: 5, orders: 'a few' } })
    expect(unfit).toEqual(['param_orders'])
    expect(await rows()).toMatchObject([
      { param_plan: '5', param_orders: null, unfit: { param_orders: 'a few' } },
    ])
  })

  test('fit a table that others made, which is not changed when it may not be', async () => {
    await database.admin.query(
      'create table calls (call_id uuid primary key, duration_seconds int, "Mine" text, unfit json)',
    )
    expect(await write({}, { evolve: false })).toMatchObject({ columns_added: [] })
    const [row = {}] = await rows()
    expect(Object.keys(row)).toEqual(['call_id', 'duration_seconds', 'Mine', 'unfit'])
    expect(row).toMatchObject({ duration_seconds: 200, unfit: { param_plan: 'gold' } })
  })

  test('in a schema that is not there are refused, by a code', async () => {
    expect(await verdictOf(write({}, { table: 'nowhere.calls' }))).toEqual({
      kind: 'refused',
      detail: 'sqlstate_3f000',
    })
  })

  test.each(Object.entries(hostileTexts))(
    'hold %s as it is, also as a name (K10)',
    async (_, text) => {
      await write({ summary: text, params: { [text]: text }, analysis: { note: text } })
      const [row = {}] = await rows()
      expect(row['summary']).toBe(text.replace('\0', ''))
      expect(row['analysis_note']).toBe(row['summary'])
      expect(await rows()).toHaveLength(1)
    },
  )
})

describe('one row for a call (A1)', () => {
  test('also when fifty write it at once, into a table that is not there yet (A2, K14)', async () => {
    const writes = Array.from({ length: 50 }, (_, n) => write({ params: { [`p${n % 7}`]: n } }))
    await Promise.all(writes)
    const [row = {}, ...others] = await rows()
    expect(others).toEqual([])
    expect(Object.keys(row).filter((name) => name.startsWith('param_p'))).toHaveLength(7)
  })

  test.each(['begin', 'pg_attribute', 'create table', 'insert into'])(
    'cut at "%s", it has written nothing, and the next try does (K12)',
    async (statement) => {
      proxy.loseAnswerTo(statement)
      const reached = proxy.passed(statement)
      const writing = verdictOf(write())
      await reached
      proxy.reset()
      expect(await writing).toMatchObject({ kind: 'retry' })
      proxy.heal()
      await tryAgain()
      expect(await rows()).toHaveLength(1)
    },
  )

  test('cut after the commit it is unknown, and the next try changes nothing (K4)', async () => {
    proxy.loseAnswerTo('commit')
    const committed = proxy.passed('commit')
    const writing = verdictOf(write())
    await committed
    await vi.waitFor(async () => expect(await rows()).toHaveLength(1), { timeout: 15_000 })
    proxy.reset()
    expect(await writing).toEqual({ kind: 'unknown', detail: 'lost_at_commit' })
    proxy.heal()
    await tryAgain()
    expect(await rows()).toHaveLength(1)
  })

  test('answers the questions of the documentation', async () => {
    await write()
    await write({ uuid: 'second', analysis: { sentiment: 0.8 }, params: { plan: 'gold' } })
    const { rows: answers } = await database.admin.query(`
      select date_trunc('week', started_at at time zone 'UTC')::date::text as week, param_plan as plan,
             count(*)::int as calls, round(avg(duration_seconds))::int as seconds,
             count(*) filter (where sentiment = 'negative')::float / count(*) as upset
      from calls where direction = 'inbound'
      group by week, plan order by week desc, calls desc`)
    expect(answers).toEqual([
      { week: '2026-02-23', plan: 'gold', calls: 2, seconds: 200, upset: 0.5 },
    ])
  })
})
