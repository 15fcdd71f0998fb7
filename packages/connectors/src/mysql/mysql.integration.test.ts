import { ConnectorFault, type FaultVerdict, type ReachPort } from '@bookend/core'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { someCall } from '../analytics/testing/call.ts'
import { testContext } from '../testing/context.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { anywhere } from '../testing/reach.ts'
import { freePort } from '../testing/start-program.ts'
import { client, type MysqlClient } from './client.ts'
import { mysql } from './index.ts'
import { MysqlSettings } from './schema.ts'
import { auth, command, startMariadb, type Mariadb } from './testing/server.ts'

let server: Mariadb
let proxy: FaultProxy
let sessions: MysqlClient
const opened: MysqlClient[] = []

describe.skipIf(command === null)('a MariaDB', () => {
  beforeAll(async () => {
    server = await startMariadb(command ?? '')
  })

  beforeEach(async () => {
    proxy = await startFaultProxy(server.port)
    sessions = open(settingsOf())
    await server.sql(`drop table if exists calls, people, sneak; create table people (
      id bigint primary key, name text, balance decimal(20,2), born date, seen datetime(3),
      at timestamp null, extra json, photo blob)`)
  })

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => client.close(one)))
    await proxy[Symbol.asyncDispose]()
  })

  afterAll(() => server[Symbol.asyncDispose]())

  const settingsOf = (more: object = {}): MysqlSettings =>
    MysqlSettings.parse({
      host: '127.0.0.1',
      port: proxy.port,
      database: 'crm',
      user: server.user,
      tls: false,
      ...more,
    })
  const open = (settings: MysqlSettings, password = auth.password, reach = anywhere) => {
    const sessionsOf = client.open(settings, { password }, reach)
    opened.push(sessionsOf)
    return sessionsOf
  }
  interface Bounds {
    readonly settings?: MysqlSettings
    readonly client?: MysqlClient
    readonly budgetMs?: number
    readonly signal?: AbortSignal
  }
  const context = (bounds: Bounds) =>
    testContext({ settings: settingsOf(), auth, client: sessions, ...bounds })
  const { actions } = mysql
  const queryOne = (sql: string, values: readonly unknown[] = [], bounds: Bounds = {}) => {
    const action = actions['row.query_one']
    return action.run(context(bounds), action.input.parse({ sql, values }))
  }
  const query = (sql: string, limit?: number) =>
    actions['row.query'].run(context({}), actions['row.query'].input.parse({ sql, limit }))
  const insert = (rows: readonly object[], bounds: Bounds = {}) => {
    const action = actions['row.insert']
    return action.run(context(bounds), action.input.parse({ table: 'people', rows }))
  }
  const upsert = (row: object) => {
    const action = actions['row.upsert']
    return action.run(context({}), action.input.parse({ table: 'people', key: ['id'], row }))
  }
  const execute = (sql: string, values: readonly unknown[] = [], bounds: Bounds = {}) => {
    const action = actions['row.execute']
    return action.run(context(bounds), action.input.parse({ sql, values }))
  }
  const write = (more: object = {}, input: object = {}) => {
    const action = actions['analytics.write']
    return action.run(context({}), action.input.parse({ call: { ...someCall, ...more }, ...input }))
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

  describe('rows', () => {
    test('keep their types, both ways', async () => {
      const row = {
        id: 1,
        name: 'Ada 😀',
        balance: '12345678901234567.89',
        born: '1815-12-10',
        seen: '2026-02-28T10:00:00.250+01:00',
        at: '2026-02-28T10:00:00Z',
        extra: { a: [1] },
        photo: null,
      }
      await insert([row])
      expect(await server.sql('select seen, name from people')).toEqual([
        ['2026-02-28 09:00:00.250', 'Ada 😀'],
      ])
      expect(await queryOne('select * from people where name = ?', ['Ada 😀'])).toEqual({
        ...row,
        seen: '2026-02-28T09:00:00.250',
        extra: '{"a":[1]}',
      })
      expect(
        await queryOne("select 9007199254740993 as big, 2 as small, x'00ff' as b, null as n"),
      ).toEqual({ big: '9007199254740993', small: 2, b: 'AP8=', n: null })
    })

    test('are no more than the limit, or one, or none', async () => {
      const { rows } = await query('select seq as n from seq_1_to_1000', 3)
      expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
      expect((await query('select seq as n from seq_1_to_1000')).rows).toHaveLength(100)
      expect(await queryOne('select 1 as a from dual where false')).toBeNull()
      expect(await verdictOf(query(`select repeat('x', 3000000) as a`))).toEqual({
        kind: 'refused',
        detail: 'answer_too_large',
      })
    })

    test('of one key are one, also for fifty at once (K14)', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, n) => upsert({ id: 7, name: `n${n}` })))
      await upsert({ id: 7, name: 'last' })
      await upsert({ id: 7 })
      expect(await server.sql('select id, name from people')).toEqual([['7', 'last']])
    })

    test.each(Object.entries(hostileTexts))('hold %s as it is (K10)', async (_, text) => {
      await insert([{ id: 1, name: text }])
      expect(await queryOne('select name from people where name = ?', [text])).toEqual({
        name: text,
      })
      expect(await execute('delete from people where name = ?', [text])).toEqual({ count: 1 })
    })

    test('are not written by a read (S4), nor by a second statement (D5)', async () => {
      await server.sql(`delimiter //
        create or replace function sneak() returns int begin
          insert into people (id) values (99); return 1; end//`)
      expect(await verdictOf(queryOne('select sneak()'))).toEqual({
        kind: 'refused',
        detail: 'mysql_1792',
      })
      expect(await verdictOf(execute('select 1; drop table people'))).toEqual({
        kind: 'refused',
        detail: 'mysql_1064',
      })
      expect(actions['row.query_one'].input.safeParse({ sql: 'drop table people' }).success).toBe(
        false,
      )
      expect(await server.sql('select count(*) from people')).toEqual([['0']])
    })

    test('are not written over a connection that is read-only', async () => {
      const settings = settingsOf({ read_only: true })
      expect(await verdictOf(insert([{ id: 1 }], { settings }))).toEqual({
        kind: 'refused',
        detail: 'read_only_connection',
      })
    })
  })

  test.each([
    ['select nope', 'refused', 'mysql_1054'],
    ['select * from nope', 'refused', 'mysql_1146'],
    ['select sleep(5)', 'retry', 'deadline'],
  ])('%s is %s', async (sql, kind, detail) => {
    expect(await verdictOf(queryOne(sql, [], { budgetMs: 400 }))).toEqual({ kind, detail })
  })

  test('tells no value and no secret of a failure (K11)', async () => {
    await insert([{ id: 1, name: 'hunter2' }])
    expect(await verdictOf(insert([{ id: 1, name: 'hunter2' }]))).toEqual({
      kind: 'conflict',
      detail: 'mysql_1062',
    })
    const error: unknown = await insert([{ id: 'hunter2' }]).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConnectorFault)
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toMatch(
      /hunter2|planted/,
    )
  })

  describe('a session', () => {
    test('asks for the password, and the check says whose it is (K6)', async () => {
      const stranger = open(settingsOf(), 'wrong')
      expect(await verdictOf(queryOne('select 1', [], { client: stranger }))).toEqual({
        kind: 'auth',
        detail: 'mysql_1045',
      })
      expect(await mysql.check?.(context({}))).toEqual({
        account: 'bookend@% in crm',
        warnings: [],
      })
    })

    test('is not opened to where none may be (A1–A6)', async () => {
      const nowhere: ReachPort = {
        ...anywhere,
        addressesOf: () =>
          Promise.reject(new ConnectorFault({ kind: 'refused', detail: 'blocked' })),
      }
      const before = proxy.accepted()
      const guarded = open(settingsOf(), auth.password, nowhere)
      expect(await verdictOf(queryOne('select 1', [], { client: guarded }))).toEqual({
        kind: 'refused',
        detail: 'blocked',
      })
      expect(proxy.accepted()).toBe(before)
    })

    test('without TLS is refused where it is asked for', async () => {
      const strict = open(settingsOf({ tls: true }))
      expect(await verdictOf(queryOne('select 1', [], { client: strict }))).toEqual({
        kind: 'refused',
        detail: 'tls_error',
      })
    })

    test('with a server that is silent, or none, ends in time (K3)', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined))
      await once(silent.listen(0, '127.0.0.1'), 'listening')
      const { port } = silent.address() as AddressInfo
      const hung = open(settingsOf({ port }))
      const startedAtMs = performance.now()
      expect(await verdictOf(queryOne('select 1', [], { client: hung, budgetMs: 200 }))).toEqual({
        kind: 'retry',
        detail: 'no_session_in_time',
      })
      expect(performance.now() - startedAtMs).toBeLessThan(3_000)
      const none = open(settingsOf({ port: await freePort() }))
      expect(await verdictOf(queryOne('select 1', [], { client: none }))).toEqual({
        kind: 'retry',
        detail: 'econnrefused',
      })
      for (const socket of hung.sockets) socket.destroy()
      silent.close()
    })

    test('that hangs costs the budget and is not used again (S2)', async () => {
      expect(await queryOne('select 1 as a')).toEqual({ a: 1 })
      proxy.blackHole()
      expect(await verdictOf(queryOne('select 2', [], { budgetMs: 200 }))).toEqual({
        kind: 'retry',
        detail: 'deadline',
      })
      proxy.heal()
      expect(await queryOne('select 3 as a')).toEqual({ a: 3 })
      expect(proxy.accepted()).toBe(2)
    })

    test('that is lost while idle is replaced', async () => {
      await queryOne('select 1 as a')
      proxy.reset()
      await vi.waitFor(async () => expect(await queryOne('select 4 as a')).toEqual({ a: 4 }), {
        timeout: 15_000,
      })
    })

    test.each([
      ['before the statement', 'sql_select_limit', 'retry', 0],
      ['after it (K4)', 'insert into', 'unknown', 1],
    ])('cut %s', async (_, text, kind, count) => {
      await execute('select 1')
      const { table, rows } = { table: 'people', rows: [{ id: 1, name: 'once' }] }
      const sql = `insert into ${table} (id, name) values (?, ?)`
      proxy.loseAnswerTo(text)
      const reached = proxy.passed(text)
      const writing = verdictOf(execute(sql, Object.values(rows[0] ?? {})))
      await reached
      proxy.reset()
      // The statement is prepared before it is run: cut there, it was not run, and who can tell.
      expect(await writing).toMatchObject({ kind })
      expect(Number((await server.sql('select count(*) from people'))[0]?.[0])).toBeLessThanOrEqual(
        count,
      )
    })
  })

  describe('calls in a table', () => {
    const calls = (columns: string) => server.sql(`select ${columns} from calls order by call_id`)

    test('make it, with columns of their types, and one row', async () => {
      expect((await write()).columns_added).toContain('analysis_wish_urgent')
      expect(
        await calls(
          'call_id, started_at, duration_seconds, transferred, sentiment_score, tags, param_plan, analysis_wish_urgent',
        ),
      ).toEqual([
        [someCall.uuid, '2026-02-28 08:00:00.000', '200', '0', '-0.4', '["upset"]', 'gold', '1'],
      ])
    })

    test('add columns as they come, and lose nothing known before (A3, M1)', async () => {
      await write()
      const more = { analysis: {}, params: { plan: 'silver', city: 'Ulm', orders: 'few' } }
      expect(await write(more)).toMatchObject({
        columns_added: ['param_city'],
        unfit: ['param_orders'],
      })
      expect(await calls('param_plan, param_city, analysis_wish_kind, unfit')).toEqual([
        ['silver', 'Ulm', 'callback', '{"param_orders":"few"}'],
      ])
    })

    test('are one row also when twenty write it at once (A1, K14)', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => write({ params: { [`p${n % 5}`]: n } })),
      )
      expect(await calls('call_id')).toEqual([[someCall.uuid]])
      expect(await calls('p.param_p0 is not null from calls p limit 1 -- ')).toEqual([['1']])
    })

    test('take as many names as a row has room for, and the rest is unfit', async () => {
      const params = Object.fromEntries(
        Array.from({ length: 400 }, (_, n) => [`n${n}`, 'x'.repeat(100)]),
      )
      expect((await write({ params })).unfit.length).toBeGreaterThan(200)
      expect(await calls('length(param_n0)')).toEqual([['100']])
    })

    test.each(Object.entries(hostileTexts))('hold %s as it is (K10)', async (_, text) => {
      await write({ summary: text, params: { [text]: text } })
      expect(await queryOne('select summary from calls')).toEqual({
        summary: text.replace('\0', ''),
      })
    })

    test.each(['create table', 'insert into `calls'])(
      'cut at "%s" are written by the next try (K4, K12)',
      async (statement) => {
        proxy.loseAnswerTo(statement)
        const reached = proxy.passed(statement)
        const writing = verdictOf(write())
        await reached
        proxy.reset()
        expect(await writing).toMatchObject({ kind: 'unknown' })
        proxy.heal()
        await vi.waitFor(() => write(), { timeout: 15_000 })
        expect(await calls('call_id')).toHaveLength(1)
      },
    )
  })
})
