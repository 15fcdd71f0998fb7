import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { ConnectorFault, type FaultVerdict } from '@bookend/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { someCall } from '../analytics/testing/call.ts'
import { testContext } from '../testing/context.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { openOutgoing, type TestOutgoing } from '../testing/outgoing.ts'
import { freePort, type Program } from '../testing/start-program.ts'
import { clickhouse } from './index.ts'
import { ClickhouseSettings } from './schema.ts'
import { auth, command, startClickhouse } from './testing/server.ts'

let server: Program
let proxy: FaultProxy
let http: TestOutgoing
/** The vendor's own. */
let client: ClickHouseClient

describe.skipIf(command === null)('a ClickHouse', () => {
  beforeAll(async () => {
    server = await startClickhouse(command ?? '')
    proxy = await startFaultProxy(server.port)
    http = await openOutgoing()
    client = createClient({ url: `http://127.0.0.1:${server.port}` })
  })

  beforeEach(async () => {
    proxy.heal()
    for (const table of ['calls', 'seen']) {
      await client.command({ query: `drop table if exists ${table}` })
    }
    await client.command({
      query:
        'create table seen (id UInt64, name String, at DateTime) engine = MergeTree order by id',
    })
  })

  afterAll(async () => {
    await client.close()
    await http.close()
    await proxy[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  interface Bounds {
    readonly settings?: object
    readonly password?: string
    readonly budgetMs?: number
    readonly now?: Date
  }

  const { 'row.query_one': one, 'row.query': many, 'row.insert': add } = clickhouse.actions
  const context = ({ settings = {}, password = auth.password, budgetMs, now }: Bounds) =>
    testContext({
      settings: ClickhouseSettings.parse({ url: `http://127.0.0.1:${proxy.port}`, ...settings }),
      auth: { ...auth, password },
      client: undefined,
      http,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      ...(now === undefined ? {} : { now: () => now }),
    })
  const queryOne = (sql: string, bounds: Bounds = {}) =>
    one.run(context(bounds), one.input.parse({ sql }))
  const query = (sql: string, limit?: number) =>
    many.run(context({}), many.input.parse({ sql, limit }))
  const insert = (rows: readonly object[], bounds: Bounds = {}) =>
    add.run(context(bounds), add.input.parse({ table: 'seen', rows }))
  const write = (more: object = {}, input: object = {}, bounds: Bounds = {}) => {
    const action = clickhouse.actions['analytics.write']
    return action.run(
      context(bounds),
      action.input.parse({ call: { ...someCall, ...more }, ...input }),
    )
  }
  const verdictOf = async (running: Promise<unknown>): Promise<FaultVerdict | { kind: 'ok' }> => {
    try {
      await running
      return { kind: 'ok' }
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error
      return error.verdict
    }
  }
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await client.query({ query: sql, format: 'JSONEachRow' })).json()
  const calls = () => rowsOf('select * from calls final order by call_id')
  const seen = () => rowsOf('select id, name from seen order by id')

  describe('rows', () => {
    test('are read as JSON, one or none or so many', async () => {
      const sql = `select toUInt64(9007199254740993) as big, toInt64(2) as small, 0.5 as half,
        toNullable('x') as text, [1, 2] as list, toDate('2026-02-28') as day`
      expect(await queryOne(sql)).toEqual({
        big: '9007199254740993',
        small: 2,
        half: 0.5,
        text: 'x',
        list: [1, 2],
        day: '2026-02-28',
      })
      expect(await queryOne('select 1 as a where 0')).toBeNull()
      const { rows } = await query('select number as n from system.numbers', 3)
      expect(rows).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }])
    })

    test('are written, and seen by the vendor’s own client (K2)', async () => {
      await insert([
        { id: 1, name: 'Ada', at: '2026-02-28T10:00:00Z' },
        { id: 2, name: 'Bo' },
      ])
      expect(
        await rowsOf(`select id, name, toUnixTimestamp(at) as at from seen order by id`),
      ).toEqual([
        { id: '1', name: 'Ada', at: 1_772_272_800 },
        { id: '2', name: 'Bo', at: 0 },
      ])
    })

    test.each(Object.entries(hostileTexts))('hold %s as it is (K10)', async (_, text) => {
      await insert([{ id: 1, name: text }])
      expect(await seen()).toEqual([{ id: '1', name: text }])
    })

    test('of a read that writes are refused, and of a second statement', async () => {
      const create = 'create table sneak (a UInt8) engine = Memory'
      expect(await verdictOf(queryOne(create))).toEqual({
        kind: 'refused',
        detail: 'clickhouse_164',
      })
      expect(await verdictOf(queryOne('set readonly = 0'))).toMatchObject({ kind: 'refused' })
      expect(await verdictOf(queryOne('select 1; select 2'))).toEqual({
        kind: 'refused',
        detail: 'clickhouse_62',
      })
      expect(await verdictOf(insert([{ id: 1 }], { settings: { read_only: true } }))).toEqual({
        kind: 'refused',
        detail: 'read_only_connection',
      })
    })

    test('are not more than fit, and rows', async () => {
      expect(await verdictOf(query(`select toFixedString('x', 3000000) as a`, 1))).toEqual({
        kind: 'refused',
        detail: 'answer_too_large',
      })
      expect(await verdictOf(queryOne('select 1 format CSV'))).toMatchObject({ kind: 'refused' })
    })
  })

  test.each([
    ['select nope', 'refused', 'clickhouse_47'],
    ['select * from nope', 'refused', 'clickhouse_60'],
    [`select toInt32('hunter2')`, 'refused', 'clickhouse_6'],
    ['select sleep(2)', 'retry', 'timeout'],
  ])('%s is %s', async (sql, kind, detail) => {
    expect(await verdictOf(queryOne(sql, { budgetMs: 1_000 }))).toEqual({ kind, detail })
  })

  test('asks for the credential, and checks it (K6)', async () => {
    expect(await verdictOf(queryOne('select 1', { password: 'wrong' }))).toMatchObject({
      kind: 'auth',
    })
    expect(await clickhouse.check?.(context({}))).toMatchObject({ account: 'bookend in default' })
  })

  test('takes no more params than a URL has room for', async () => {
    const params = { text: "'".repeat(1_000) }
    const running = one.run(context({}), one.input.parse({ sql: 'select {text:String}', params }))
    expect(await verdictOf(running)).toEqual({ kind: 'refused', detail: 'params_too_long' })
  })

  test('that is not there is tried again', async () => {
    const settings = { url: `http://127.0.0.1:${await freePort()}` }
    expect(await verdictOf(queryOne('select 1', { settings }))).toEqual({
      kind: 'retry',
      detail: 'connection_refused',
    })
  })

  describe('calls in a table', () => {
    test('make it, with columns of their types, and one row', async () => {
      expect((await write()).columns_added).toContain('analysis_wish_urgent')
      expect(await calls()).toMatchObject([
        {
          call_id: someCall.uuid,
          duration_seconds: '200',
          transferred: 0,
          sentiment_score: -0.4,
          started_at: '2026-02-28 08:00:00',
          tags: '["upset"]',
          summary: someCall.summary,
          param_plan: 'gold',
          analysis_wish_urgent: 1,
          analysis_wish_dates: '["2026-03-01"]',
        },
      ])
    })

    test('add columns as they come, and the newest row is the call’s (A3)', async () => {
      await write()
      const later = new Date(Date.now() + 1_000)
      const more = { analysis: {}, params: { plan: 'silver', city: 'Ulm', orders: 'few' } }
      expect(await write(more, {}, { now: later })).toMatchObject({
        columns_added: ['param_city'],
        unfit: ['param_orders'],
      })
      expect(await calls()).toMatchObject([
        {
          param_plan: 'silver',
          param_city: 'Ulm',
          param_orders: null,
          analysis_wish_kind: null,
          unfit: '{"param_orders":"few"}',
        },
      ])
    })

    test('are one row also when twenty write it at once (A2, K14)', async () => {
      const all = Array.from({ length: 20 }, (_, n) => write({ params: { [`p${n % 5}`]: n } }))
      await Promise.all(all)
      const [row = {}, ...others] = await calls()
      expect(others).toEqual([])
      expect(Object.keys(row).filter((name) => name.startsWith('param_'))).toHaveLength(5)
    })

    test.each(Object.entries(hostileTexts))('hold %s as it is (K10)', async (_, text) => {
      await write({ summary: text, params: { [text]: text } })
      expect(await calls()).toMatchObject([{ summary: text.replace('\0', '') }])
    })

    test('leave a table as it is where it may not be changed', async () => {
      await client.command({
        query: `create table calls (call_id String, param_plan String, unfit String)
          engine = ReplacingMergeTree order by call_id`,
      })
      expect((await write({}, { evolve: false })).columns_added).toEqual([])
      expect(await calls()).toMatchObject([{ call_id: someCall.uuid, param_plan: 'gold' }])
    })

    test.each([
      ['system.columns', 'retry'],
      ['create table', 'unknown'],
      ['insert into `calls`', 'unknown'],
    ])('cut at "%s" are written by the next try (K4, K12)', async (statement, kind) => {
      proxy.loseAnswerTo(statement)
      const reached = proxy.passed(statement)
      const writing = verdictOf(write())
      await reached
      proxy.reset()
      expect(await writing).toMatchObject({ kind })
      proxy.heal()
      await vi.waitFor(() => write(), { timeout: 15_000 })
      expect(await calls()).toHaveLength(1)
    })

    test('answer the question of the documentation', async () => {
      await write()
      await write({ uuid: 'second', analysis: { sentiment: 0.8 } })
      const [answer] = await rowsOf(`
        select toMonday(started_at) as week, param_plan as plan, count() as calls,
               avg(duration_seconds) as seconds, avg(sentiment = 'negative') as upset
        from calls final where direction = 'inbound'
        group by week, plan order by week desc, calls desc`)
      expect(answer).toEqual({
        week: '2026-02-23',
        plan: 'gold',
        calls: '2',
        seconds: 200,
        upset: 0.5,
      })
    })
  })
})
