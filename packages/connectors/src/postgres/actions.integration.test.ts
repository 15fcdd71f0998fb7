import type { ConnectorFault } from '@bookend/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { rowExecute, rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { client } from './client.ts'
import type { PostgresClient } from './client.ts'
import {
  InsertInput,
  PostgresSettings,
  QueryInput,
  StatementInput,
  Row,
  UpsertInput,
} from './schema.ts'
import { anywhere } from '../testing/reach.ts'
import { context } from './testing/context.ts'
import { freshDatabase } from './testing/database.ts'
import type { Database } from './testing/database.ts'

let database: Database
let settings: PostgresSettings
let sessions: PostgresClient

beforeAll(async () => {
  database = await freshDatabase()
  await database.admin.query(`
    create schema clinic;
    create table clinic.patients (
      id int primary key, name text not null, tags text[], extra jsonb, born date,
      balance bigint not null default 0, seen_at timestamptz);
    create function clinic.sneak() returns int language plpgsql as
      $$ begin insert into clinic.patients values (99, 'sneaked in'); return 1; end $$;
    create procedure clinic.turn() language plpgsql as $$ begin commit;
      perform set_config('transaction_read_only', 'off', true);
      insert into clinic.patients values (98, 'turned in'); end $$;
  `)
  // One session for each effect, so that what one action leaves is met by the next.
  settings = PostgresSettings.parse({ url: database.url, pool_max: 1 })
  sessions = client.open(settings, null, anywhere)
})

afterAll(async () => {
  await client.close(sessions)
  await database[Symbol.asyncDispose]()
})

const ctx = () => context({ settings, client: sessions })

const queryOne = (sql: string, values: z.input<typeof QueryInput>['values'] = []) =>
  rowQueryOne.run(ctx(), StatementInput.parse({ sql, values }))
const query = (sql: string, limit?: number) => rowQuery.run(ctx(), QueryInput.parse({ sql, limit }))
const insert = (input: z.input<typeof InsertInput>) =>
  rowInsert.run(ctx(), InsertInput.parse(input))
const upsert = (input: z.input<typeof UpsertInput>) =>
  rowUpsert.run(ctx(), UpsertInput.parse(input))
const execute = (sql: string, values: z.input<typeof QueryInput>['values'] = []) =>
  rowExecute.run(ctx(), StatementInput.parse({ sql, values }))

const verdictOf = (running: Promise<unknown>) =>
  running.then(
    () => ({ kind: 'ok', detail: '' }),
    (error: ConnectorFault) => error.verdict,
  )

const patients = async (): Promise<unknown[]> =>
  (await database.admin.query('select id, name from clinic.patients order by id')).rows

describe('reading rows', () => {
  test('gives the first one, or null', async () => {
    expect(await queryOne('select $1::int as a, $2::text as b', [1, 'x'])).toEqual({ a: 1, b: 'x' })
    expect(await queryOne('select 1 where false')).toBeNull()
  })

  test('gives JSON, whatever the types and the settings of the server', async () => {
    await database.admin.query(
      `alter role current_user set datestyle = 'German';
       alter role current_user set timezone = 'Asia/Kolkata';
       alter role current_user set intervalstyle = 'sql_standard';
       alter role current_user set bytea_output = 'escape'`,
    )
    const fresh = client.open(settings, null, anywhere)
    const row = await rowQueryOne.run(
      context({ settings, client: fresh }),
      StatementInput.parse({
        sql: `select 9007199254740993 as big, 2::bigint as small, 1.50 as price, true as yes,
          '2026-02-28'::date as day, '2026-02-28 10:00Z'::timestamptz as at,
          interval '1 day 2 hours' as span, '\\x00ff'::bytea as bytes, array['a', null] as list,
          '{"n": 9007199254740993}'::jsonb as doc, 'NaN'::float8 as nan, null as nothing`,
      }),
    )
    await client.close(fresh)
    await database.admin.query('alter role current_user reset all')
    expect(row).toEqual({
      big: '9007199254740993',
      small: 2,
      price: '1.50',
      yes: true,
      day: '2026-02-28',
      at: '2026-02-28T10:00:00Z',
      span: 'P1DT2H',
      bytes: 'AP8=',
      list: ['a', null],
      doc: { n: '9007199254740993' },
      nan: 'NaN',
      nothing: null,
    })
    expect(Row.parse(row)).toEqual(row)
  })

  test('fetches no more than the limit (R4)', async () => {
    const { rows } = await query(
      `select c from generate_series(1, 1000) a, generate_series(1, 1000) b,
        generate_series(1, 1000) c`,
      3,
    )
    expect(rows).toHaveLength(3)
    expect((await query('select n from generate_series(1, 200) n')).rows).toHaveLength(100)
  })

  test('ends an answer beyond 1 MiB, of many rows or of one (S3)', async () => {
    for (const sql of [
      `select repeat('x', 10000) from generate_series(1, 1000)`,
      `select repeat('x', 8000000)`,
    ]) {
      const running = query(sql, 1_000)
      expect(await verdictOf(running)).toEqual({ kind: 'refused', detail: 'answer_too_large' })
    }
    expect(await queryOne('select 1 as a')).toEqual({ a: 1 })
  })

  test('keeps a column named __proto__ out', async () => {
    const row = await queryOne(`select '{"isVip": true}'::json as "__proto__", 1 as a`)
    expect(row).toEqual({ a: 1 })
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  })
})

describe('a read that would write', () => {
  test.each([
    `insert into clinic.patients values (1, 'x')`,
    `with x as (insert into clinic.patients values (1, 'x') returning 1) select * from x`,
    'select clinic.sneak()',
    'select * from clinic.patients for update',
    `select set_config('transaction_read_only', 'off', true), clinic.sneak()`,
    'call clinic.turn()',
    `do $$ begin commit; insert into clinic.patients values (1, 'x'); end $$`,
    'set transaction read write',
    'set session characteristics as transaction read write',
    'commit',
    'rollback',
    'begin read write',
    'drop table clinic.patients',
    `copy clinic.patients from stdin`,
    `select nextval('pg_catalog.pg_class_oid_index')`,
  ])('is refused by the server: %s (R1)', async (sql) => {
    expect((await verdictOf(queryOne(sql))).kind).toBe('refused')
    expect(await patients()).toEqual([])
  })

  test('cannot prepare the session for the next one either (R3)', async () => {
    await queryOne(
      `select set_config('default_transaction_read_only', 'off', false),
        set_config('transaction_read_only', 'on', false),
        set_config('search_path', 'clinic', false)`,
    )
    expect(await verdictOf(queryOne('select clinic.sneak()'))).toEqual({
      kind: 'refused',
      detail: 'sqlstate_25006',
    })
    expect(await queryOne(`select current_setting('search_path') as path`)).toEqual({
      path: '"$user", public',
    })
  })
})

describe('SQL and values (D5)', () => {
  const hostile = [
    `'; drop table clinic.patients; --`,
    `' or '1'='1`,
    '$1',
    '\\',
    "\\'; select pg_sleep(10); --",
    '%_',
    'a\nb\r\n',
    '"}',
    'x'.repeat(10_000),
  ]

  test.each(hostile)('a value comes back as it went: %j', async (value) => {
    expect(await queryOne('select $1::text as v', [value])).toEqual({ v: value })
  })

  test.each(hostile)('a value stays a value in a row: %j', async (value) => {
    await insert({ table: 'clinic.patients', rows: [{ id: 1, name: value, tags: [value] }] })
    await upsert({ table: 'clinic.patients', key: ['id'], row: { id: 1, name: `${value}!` } })
    const { rows } = await execute('delete from clinic.patients returning name, tags')
    expect(rows).toEqual([{ name: `${value}!`, tags: [value] }])
  })

  test('U+0000 in a value is refused by the server', async () => {
    expect(await verdictOf(queryOne('select $1::text', ['\0']))).toMatchObject({ kind: 'refused' })
  })

  test.each([[[]], [[1]]])('a second statement is refused, with values %j (R2)', async (values) => {
    const sql = `select ${values.length === 0 ? '1' : '$1::int'}; drop table clinic.patients`
    const second = { kind: 'refused', detail: 'sqlstate_42601' }
    expect(await verdictOf(queryOne(sql, values))).toEqual(second)
    expect(await verdictOf(execute(sql, values))).toEqual(second)
    expect(await patients()).toEqual([])
  })

  test('no value reaches the verdict', async () => {
    await insert({ table: 'clinic.patients', rows: [{ id: 1, name: 'hunter2' }] })
    const failures: (() => Promise<unknown>)[] = [
      () => insert({ table: 'clinic.patients', rows: [{ id: 1, name: 'hunter2' }] }),
      () => insert({ table: 'clinic.patients', rows: [{ id: 'hunter2', name: 'x' }] }),
      () => queryOne('select $1::int', ['hunter2']),
      () => execute(`do $$ begin raise 'hunter2'; end $$`),
    ]
    for (const fail of failures) {
      const error: unknown = await fail().catch((reason: unknown) => reason)
      expect(error).toHaveProperty('code', 'connector_fault')
      expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain(
        'hunter2',
      )
    }
    await execute('delete from clinic.patients')
  })
})

describe('writing rows', () => {
  test('turns each JSON value into the type of its column', async () => {
    const row = {
      id: 1,
      name: 'Ada',
      tags: ['a', 'b,c'],
      extra: [1, { deep: ['x'] }],
      born: '1815-12-10',
      seen_at: '2026-02-28T10:00:00+01:00',
    }
    expect(await insert({ table: 'clinic.patients', rows: [row] })).toEqual({ count: 1 })
    expect(await queryOne('select * from clinic.patients')).toEqual({
      ...row,
      balance: 0,
      seen_at: '2026-02-28T09:00:00Z',
    })
    await execute('delete from clinic.patients')
  })

  test('inserts all rows or none', async () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ id, name: 'x', balance: `${2 ** 53}1` }))
    expect(await insert({ table: 'clinic.patients', rows })).toEqual({ count: 500 })
    const more = [
      { id: 501, name: 'y' },
      { id: 3, name: 'y' },
    ]
    expect(await verdictOf(insert({ table: 'clinic.patients', rows: more }))).toEqual({
      kind: 'conflict',
      detail: 'sqlstate_23505',
    })
    expect(await execute('delete from clinic.patients')).toEqual({ count: 500, rows: [] })
  })

  test('keeps one record for one key, also for fifty at once (natural)', async () => {
    const several = PostgresSettings.parse({ url: database.url, pool_max: 10 })
    const open = client.open(several, null, anywhere)
    const one = (name: string) =>
      rowUpsert.run(
        context({ settings: several, client: open }),
        UpsertInput.parse({ table: 'clinic.patients', key: ['id'], row: { id: 7, name } }),
      )
    await Promise.all(Array.from({ length: 50 }, (_, at) => one(`n${at}`)))
    await one('last')
    expect(await patients()).toEqual([{ id: 7, name: 'last' }])
    await client.close(open)
    await execute('delete from clinic.patients')
  })

  test('leaves a record alone when the row is its key and no more', async () => {
    await execute('create table clinic.seen (id text primary key)')
    const input = { table: 'clinic.seen', key: ['id'], row: { id: 'a' } }
    expect(await upsert(input)).toEqual({ count: 1 })
    expect(await upsert(input)).toEqual({ count: 0 })
  })

  test('leaves nothing of a statement in the session (R3)', async () => {
    await execute('set search_path = clinic')
    await execute('select pg_advisory_lock(42)')
    await execute('begin')
    await execute('rollback')
    await insert({ table: 'clinic.patients', rows: [{ id: 8, name: 'kept' }] })
    expect(await patients()).toEqual([{ id: 8, name: 'kept' }])
    const { rows } = await execute(
      `select current_setting('search_path') as path,
        (select count(*) from pg_locks join pg_database on pg_database.oid = database
          where locktype = 'advisory' and datname = current_database()) as locks`,
    )
    expect(rows).toEqual([{ path: '"$user", public', locks: 0 }])
    await execute('delete from clinic.patients')
  })

  test('rolls back what returns more than fits (Q3)', async () => {
    const sql = `insert into clinic.patients select n, repeat('x', 10000)
      from generate_series(1, 1000) n returning name`
    expect(await verdictOf(execute(sql))).toEqual({ kind: 'refused', detail: 'answer_too_large' })
    await expect.poll(patients).toEqual([])
  })

  test('is refused before it is sent when the connection is read-only (Q2)', async () => {
    const readOnly = PostgresSettings.parse({ url: database.url, read_only: true })
    const open = client.open(readOnly, null, anywhere)
    const input = StatementInput.parse({ sql: 'select 1' })
    const running = rowExecute.run(context({ settings: readOnly, client: open }), input)
    expect(await verdictOf(running)).toEqual({ kind: 'refused', detail: 'read_only_connection' })
    expect(open.write.totalCount).toBe(0)
    await client.close(open)
  })
})
