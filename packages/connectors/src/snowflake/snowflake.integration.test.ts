import { describe, expect, test } from 'vitest'
import { someCall } from '../analytics/testing/call.ts'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { snowflake } from './index.ts'
import { SnowflakeSettings } from './schema.ts'
import { type FakeSnowflakeOptions, openFakeSnowflake, tokenAuth } from './testing/fake.ts'

const openWith = (options: FakeSnowflakeOptions = {}) =>
  openBench({ connector: snowflake, open: () => openFakeSnowflake(options) })
type Bench = Awaited<ReturnType<typeof openWith>>

const NUMBER = { type: 'NUMBER' }

describe('a query', () => {
  const query = (bench: Bench, input: object = {}) =>
    bench.run('row.query', { sql: 'select * from t', ...input })

  test('gives each type as JSON has it', async () => {
    await using bench = await openWith()
    bench.setup.answerNext(
      [
        { name: 'N', type: 'fixed', scale: 0 },
        { name: 'LONG', type: 'fixed', scale: 0 },
        { name: 'PRICE', type: 'fixed', scale: 2 },
        { name: 'SHARE', type: 'real' },
        { name: 'ODD', type: 'real' },
        { name: 'YES', type: 'boolean' },
        { name: 'DAY', type: 'date' },
        { name: 'AT', type: 'timestamp_ntz', scale: 9 },
        { name: 'AT_TZ', type: 'timestamp_tz', scale: 9 },
        { name: 'DOC', type: 'variant' },
        { name: 'Mixed', type: 'text' },
        { name: 'NONE', type: 'text' },
      ],
      [
        [
          '4',
          '9007199254740993',
          '1.10',
          '0.5',
          'NaN',
          'true',
          '20512',
          '1772265600.123456789',
          '1772265600.000000000 1500',
          '{"a":[1]}',
          'x',
          null,
        ],
      ],
    )
    expect(await query(bench)).toEqual({
      kind: 'ok',
      output: {
        rows: [
          {
            n: 4,
            long: '9007199254740993',
            price: '1.10',
            share: 0.5,
            odd: 'NaN',
            yes: true,
            day: '2026-02-28',
            at: '2026-02-28T08:00:00.123Z',
            at_tz: '2026-02-28T08:00:00.000Z',
            doc: { a: [1] },
            Mixed: 'x',
            none: null,
          },
        ],
      },
    })
  })

  test('names who asks where, its time and how many rows, and has no id of ours (S2)', async () => {
    const settings = { warehouse: 'SMALL', role: 'READER', schema: 'CRM' }
    await using bench = await openWith({ settings })
    await query(bench, { limit: 5 })
    const [request] = bench.vendor.requests
    expect(request?.query.has('requestId')).toBe(false)
    expect(request?.body).toMatchObject({
      ...settings,
      database: 'REPORTING',
      timeout: 20,
      parameters: { rows_per_resultset: '5', multi_statement_count: '1' },
    })
  })

  test('that still runs is asked for once, and is the next try’s then (S3)', async () => {
    await using bench = await openWith()
    bench.setup.slowDown(1)
    expect(await query(bench)).toMatchObject({ kind: 'ok' })
    bench.setup.slowDown(9)
    expect(await query(bench)).toMatchObject({
      verdict: { kind: 'retry', detail: 'statement_still_running' },
    })
  })
})

describe('rows', () => {
  const insert = (bench: Bench, key: string, more: object = {}) =>
    bench.run(
      'row.insert',
      { table: 'seen', rows: [{ id: 1 }, { id: 2, doc: { a: 1 } }], ...more },
      { key },
    )

  test('are inserted once by a key, with the types of the columns (S1)', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('CRM.SEEN', [
      { name: 'ID', ...NUMBER },
      { name: 'DOC', type: 'VARIANT' },
    ])
    for (const key of ['bk_a', 'bk_a', 'bk_b']) await insert(bench, key, { table: 'crm.seen' })
    expect(table.rows).toEqual([
      { ID: 1, DOC: null },
      { ID: 2, DOC: { a: 1 } },
      { ID: 1, DOC: null },
      { ID: 2, DOC: { a: 1 } },
    ])
    expect(
      bench.vendor.requests.every(
        ({ query }) => query.get('requestId') === null || query.get('retry') === 'true',
      ),
    ).toBe(true)
  })

  test('that still run when they are answered are unknown, and done by the same statement', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('PUBLIC.SEEN', [
      { name: 'ID', ...NUMBER },
      { name: 'DOC', type: 'VARIANT' },
    ])
    // The look for the columns comes first.
    await insert(bench, 'bk_warm')
    const before = table.rows.length
    bench.vendor.failNext(
      status(202, {}, { code: '333334', statementHandle: 'gone' }),
      ({ query }) => query.has('requestId'),
    )
    bench.vendor.failNext(
      status(202, {}, { code: '333334', statementHandle: 'gone' }),
      ({ method }) => method === 'GET',
    )
    expect(await insert(bench, 'bk_a')).toMatchObject({
      verdict: { kind: 'unknown', detail: 'statement_still_running' },
    })
    expect(await insert(bench, 'bk_a')).toMatchObject({ kind: 'ok' })
    expect(table.rows).toHaveLength(before + 2)
  })

  test('are changed by their key, and refused where the table is another', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('PUBLIC.SEEN', [
      { name: 'ID', ...NUMBER },
      { name: 'AT', type: 'TIMESTAMP_NTZ' },
      { name: 'RAW', type: 'BINARY' },
    ])
    const upsert = (row: object, name = 'seen') =>
      bench.run('row.upsert', { table: name, key: ['id'], row })
    await upsert({ id: 1, at: '2026-02-28T08:00:00Z' })
    await upsert({ id: 1, at: null })
    expect(table.rows).toEqual([{ ID: 1, AT: null }])
    expect(await upsert({ id: 1, nope: 1 })).toMatchObject({
      verdict: { detail: 'no_such_column' },
    })
    expect(await upsert({ id: 1, raw: 'x' })).toMatchObject({
      verdict: { kind: 'refused', detail: 'column_of_another_type' },
    })
    expect(await upsert({ id: 1 }, 'none')).toMatchObject({
      verdict: { kind: 'missing', detail: 'no_such_table' },
    })
  })

  test('of a connection that only reads are not written', async () => {
    await using bench = await openWith({ settings: { read_only: true } })
    bench.setup.seed('PUBLIC.SEEN', [
      { name: 'ID', ...NUMBER },
      { name: 'DOC', type: 'VARIANT' },
    ])
    expect(await insert(bench, 'bk_a')).toMatchObject({
      verdict: { kind: 'refused', detail: 'read_only_connection' },
    })
    expect(bench.setup.writes()).toBe(0)
  })
})

describe('calls', () => {
  const write = (bench: Bench, more: object = {}, input: object = {}, key = 'bk_key') =>
    bench.run('analytics.write', { call: { ...someCall, ...more }, ...input }, { key })
  const rows = ({ setup }: Bench) => setup.tables.get('PUBLIC.CALLS')?.rows ?? []

  test('make a table with columns of their types, and one row each', async () => {
    await using bench = await openWith()
    await write(bench)
    expect(await write(bench, { summary: 'Later' })).toMatchObject({
      output: { call_id: someCall.uuid, columns_added: [], unfit: [] },
    })
    expect(rows(bench)).toMatchObject([
      {
        CALL_ID: someCall.uuid,
        DURATION_SECONDS: 200,
        TRANSFERRED: false,
        SENTIMENT_SCORE: -0.4,
        STARTED_AT: '2026-02-28T08:00:00.000Z',
        TAGS: ['upset'],
        SUMMARY: 'Later',
        PARAM_PLAN: 'gold',
        ANALYSIS_WISH_URGENT: true,
        ANALYSIS_WISH_DATES: ['2026-03-01'],
      },
    ])
  })

  test('add columns as they come, keep what they do not know, and say what does not fit', async () => {
    await using bench = await openWith()
    await write(bench)
    const more = { analysis: {}, params: { city: 'Ulm', orders: 'few' } }
    expect(await write(bench, more)).toMatchObject({
      output: { columns_added: ['param_city'], unfit: ['param_orders'] },
    })
    expect(rows(bench)).toMatchObject([
      { PARAM_CITY: 'Ulm', PARAM_PLAN: 'gold', UNFIT: { param_orders: 'few' } },
    ])
    expect(await write(bench, {}, { evolve: false, table: 'none' })).toMatchObject({
      verdict: { detail: 'no_such_table' },
    })
  })

  test('are one row also when twenty add columns at once (A2, K14)', async () => {
    await using bench = await openWith()
    const all = Array.from({ length: 20 }, (_, n) =>
      write(bench, { params: { [`p${n % 5}`]: n } }, {}, `bk_${n}`),
    )
    const kinds = (await Promise.all(all)).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['ok']))
    const [row = {}, ...others] = rows(bench)
    expect(others).toEqual([])
    expect(Object.keys(row).filter((name) => name.startsWith('PARAM_P'))).toHaveLength(5)
  })

  test('hold any words as they are (K10)', async () => {
    await using bench = await openWith()
    for (const text of Object.values(hostileTexts)) {
      await write(bench, { summary: text, params: { [text]: text } })
      expect(rows(bench)).toMatchObject([{ SUMMARY: text.replace('\0', '') }])
    }
    expect(bench.vendor.problems).toEqual([])
  })
})

describe('what Snowflake refuses', () => {
  test.each([
    [422, '002003', 'refused', 'snowflake_002003'],
    [422, '000625', 'retry', 'snowflake_000625'],
    [422, '000603', 'unknown', 'snowflake_000603'],
    [408, '000630', 'retry', 'snowflake_000630'],
    [401, '390144', 'auth', 'snowflake_390144'],
    [403, '390422', 'refused', 'snowflake_390422'],
    [429, '390505', 'limited', 'http_429'],
    [503, 'words of Ada', 'unknown', 'http_503'],
  ])('%i %s is %s', async (code, told, kind, detail) => {
    await using bench = await openWith()
    bench.setup.seed('PUBLIC.SEEN', [{ name: 'ID', ...NUMBER }])
    bench.vendor.failAll(
      status(code, {}, { code: told, message: 'a secret of Ada' }),
      ({ query }) => query.has('requestId'),
    )
    const input = { table: 'seen', key: ['id'], row: { id: 1 } }
    const outcome = await bench.run('row.upsert', input)
    expect(outcome).toMatchObject({ verdict: { kind, detail } })
    expect(JSON.stringify(outcome)).not.toContain('Ada')
  })
})

describe('a connection', () => {
  test('signs in with a key, by its fingerprint and for an hour', async () => {
    await using bench = await openWith()
    expect(await bench.check()).toMatchObject({
      output: {
        account: 'BOOKEND in acme-main',
        warnings: [expect.stringContaining('Nothing computes')],
      },
    })
    const [{ iat, exp } = {}] = bench.setup.claims as { iat?: number; exp?: number }[]
    expect((exp ?? 0) - (iat ?? 0)).toBeLessThanOrEqual(3_600)
  })

  test('signs in with a token', async () => {
    await using bench = await openWith({ auth: tokenAuth })
    expect(await bench.check()).toMatchObject({ kind: 'ok' })
    bench.vendor.failAll(status(401))
    expect(await bench.check()).toMatchObject({ verdict: { kind: 'auth' } })
    expect(bench.vendor.requests).toHaveLength(2)
  })

  test.each([
    ['acme-main', 'https://acme-main.snowflakecomputing.com'],
    ['ACME-my_team', 'https://acme-my-team.snowflakecomputing.com'],
    ['xy12345.eu-central-1', 'https://xy12345.eu-central-1.snowflakecomputing.com'],
  ])('of the account %s goes to %s', (account, origin) => {
    const settings = SnowflakeSettings.parse({ account, database: 'A' })
    expect(snowflake.origin?.(settings)).toBe(origin)
  })

  test.each(['acme.example.com/', 'acme@evil', 'a b', 'evil.com#', ''])(
    'has no account %j',
    (account) => {
      expect(SnowflakeSettings.safeParse({ account, database: 'A' }).success).toBe(false)
    },
  )
})
