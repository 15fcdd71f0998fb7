import { describe, expect, test } from 'vitest'
import { someCall } from '../analytics/testing/call.ts'
import { isToken } from '../google/testing/token-door.ts'
import { openBench } from '../testing/bench.ts'
import { status } from '../testing/fault.ts'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { bigquery } from './index.ts'
import { openFakeBigquery } from './testing/fake.ts'

const openWith = (more: Readonly<Record<string, unknown>> = {}) =>
  openBench({ connector: bigquery, open: () => openFakeBigquery(more) })
type Bench = Awaited<ReturnType<typeof openWith>>

const query = (bench: Bench, params: object = {}, budgetMs = 20_000) =>
  bench.run('row.query', { sql: 'select 1', params }, { budgetMs })

describe('a query', () => {
  test('gives each type as JSON has it', async () => {
    await using bench = await openWith()
    bench.setup.answerNext(
      [
        { name: 'n', type: 'INTEGER' },
        { name: 'long', type: 'INTEGER' },
        { name: 'share', type: 'FLOAT' },
        { name: 'odd', type: 'FLOAT' },
        { name: 'yes', type: 'BOOLEAN' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'price', type: 'NUMERIC' },
        { name: 'doc', type: 'JSON' },
        { name: 'list', type: 'STRING', mode: 'REPEATED' },
        { name: 'part', type: 'RECORD', fields: [{ name: 'a', type: 'INTEGER' }] },
        { name: 'none', type: 'STRING' },
      ],
      [
        [
          '4',
          '9007199254740993',
          '0.5',
          'NaN',
          'true',
          '1772265600123456',
          '1.10',
          '{"a":[1]}',
          [{ v: 'x' }, { v: 'y' }],
          { f: [{ v: '7' }] },
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
            share: 0.5,
            odd: 'NaN',
            yes: true,
            at: '2026-02-28T08:00:00.123Z',
            price: '1.10',
            doc: { a: [1] },
            list: ['x', 'y'],
            part: { a: 7 },
            none: null,
          },
        ],
      },
    })
  })

  test('carries values beside the SQL, and what it may cost', async () => {
    await using bench = await openWith({ bytes_billed_max: 10_485_760, location: 'EU' })
    const params = { text: `' or true --`, n: 4, share: 0.5, yes: true, none: null }
    expect(await query(bench, params)).toMatchObject({ output: { rows: [params] } })
    const sent = bench.vendor.requests.find(({ path }) => path.endsWith('/queries'))?.body
    expect(sent).toMatchObject({
      query: 'select 1',
      maximumBytesBilled: '10485760',
      location: 'EU',
      useLegacySql: false,
    })
    expect(sent).not.toHaveProperty('requestId')
  })

  test('that takes long is asked for again, until the step ends', async () => {
    await using bench = await openWith()
    bench.setup.slowDown(3)
    expect(await query(bench, { a: 1 })).toMatchObject({ output: { rows: [{ a: 1 }] } })
    bench.setup.slowDown(1e9)
    expect(await query(bench, { a: 1 }, 1_500)).toMatchObject({
      verdict: { kind: 'retry', detail: 'query_still_running' },
    })
    bench.setup.seed('reporting.seen', [{ name: 'id', type: 'INTEGER' }])
    const row = { table: 'seen', key: ['id'], row: { id: 1 } }
    expect(await bench.run('row.upsert', row, { budgetMs: 1_500 })).toMatchObject({
      verdict: { kind: 'unknown', detail: 'query_still_running' },
    })
  })

  test.each([
    'delete from seen',
    'drop table seen',
    'call p()',
    '-- select\ndrop table seen',
    'select 1; drop table seen',
  ])('is a select, and not: %s', (sql) => {
    expect(bigquery.actions['row.query'].input.safeParse({ sql }).success).toBe(false)
    const whole = `select ';' as "a;b" -- ; ${sql.replaceAll('\n', ' ')}\n;`
    expect(bigquery.actions['row.query'].input.safeParse({ sql: whole }).success).toBe(true)
  })
})

describe('rows', () => {
  test('that are inserted carry our key, so that a repeat can be dropped', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('other.seen', [
      { name: 'id', type: 'INTEGER' },
      { name: 'bookend_key', type: 'STRING' },
    ])
    const input = { table: 'other.seen', rows: [{ id: 1 }, { id: 2 }], key_column: 'bookend_key' }
    for (const key of ['bk_a', 'bk_a', 'bk_b']) {
      expect(await bench.run('row.insert', input, { key })).toMatchObject({ output: { count: 2 } })
    }
    expect(table.rows.map((row) => row['bookend_key'])).toEqual([
      'bk_a_0',
      'bk_a_1',
      'bk_b_0',
      'bk_b_1',
    ])
  })

  test('of which one is bad are refused by its reason, all of them', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('reporting.seen', [{ name: 'id', type: 'INTEGER' }])
    const rows = [{ id: 1 }, { nope: 2 }]
    expect(await bench.run('row.insert', { table: 'seen', rows })).toMatchObject({
      verdict: { kind: 'refused', detail: 'invalid' },
    })
    expect(table.rows).toEqual([])
    expect(await bench.run('row.insert', { table: 'none', rows })).toMatchObject({
      verdict: { kind: 'missing', detail: 'not_found' },
    })
  })

  test('are changed by their key, with the types of the columns', async () => {
    await using bench = await openWith()
    const table = bench.setup.seed('reporting.seen', [
      { name: 'id', type: 'INTEGER' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'doc', type: 'JSON' },
      { name: 'list', type: 'STRING', mode: 'REPEATED' },
    ])
    const upsert = (row: object) => bench.run('row.upsert', { table: 'seen', key: ['id'], row })
    await upsert({ id: 1, at: '2026-02-28T08:00:00Z', doc: { a: 1 } })
    await upsert({ id: 1, at: null })
    expect(table.rows).toEqual([{ id: 1, at: null, doc: { a: 1 } }])
    expect(await upsert({ id: 1, nope: 1 })).toMatchObject({
      verdict: { detail: 'no_such_column' },
    })
    expect(await upsert({ id: 1, list: 'x' })).toMatchObject({
      verdict: { detail: 'column_of_another_type' },
    })
    expect(
      await bench.run('row.upsert', { table: 'no', key: ['id'], row: { id: 1 } }),
    ).toMatchObject({ verdict: { kind: 'missing', detail: 'no_such_table' } })
  })

  test('are written by one job, however often its request is sent (Q2)', async () => {
    await using bench = await openWith()
    bench.setup.seed('reporting.seen', [{ name: 'id', type: 'INTEGER' }])
    const input = { table: 'seen', key: ['id'], row: { id: 1 } }
    for (const key of ['bk_a', 'bk_a', 'bk_b']) await bench.run('row.upsert', input, { key })
    expect(bench.setup.jobs()).toBe(2)
  })

  test('of a connection that only reads are not written (R1)', async () => {
    await using bench = await openWith({ read_only: true })
    const verdict = { kind: 'refused', detail: 'read_only_connection' }
    expect(await bench.run('row.insert', { table: 'seen', rows: [{ id: 1 }] })).toMatchObject({
      verdict,
    })
    expect(await bench.run('analytics.write', { call: someCall })).toMatchObject({ verdict })
    expect(await query(bench)).toMatchObject({ kind: 'ok' })
  })
})

describe('calls', () => {
  const write = (bench: Bench, more: object = {}, input: object = {}) =>
    bench.run('analytics.write', { call: { ...someCall, ...more }, ...input })
  const rows = ({ setup }: Bench) => setup.tables.get('reporting.calls')?.rows ?? []

  test('make a table with columns of their types, and one row each', async () => {
    await using bench = await openWith()
    await write(bench)
    expect(await write(bench, { summary: 'Later' })).toMatchObject({
      output: { call_id: someCall.uuid, columns_added: [], unfit: [] },
    })
    expect(rows(bench)).toMatchObject([
      {
        call_id: someCall.uuid,
        duration_seconds: 200,
        transferred: false,
        sentiment_score: -0.4,
        started_at: '2026-02-28T08:00:00.000Z',
        tags: ['upset'],
        summary: 'Later',
        param_plan: 'gold',
        analysis_wish_urgent: true,
        analysis_wish_dates: ['2026-03-01'],
      },
    ])
    const types = new Map(
      bench.setup.tables.get('reporting.calls')?.fields.map(({ name, type }) => [name, type]),
    )
    expect([types.get('started_at'), types.get('tags'), types.get('param_orders')]).toEqual([
      'TIMESTAMP',
      'JSON',
      'FLOAT',
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
      { param_city: 'Ulm', param_plan: 'gold', unfit: { param_orders: 'few' } },
    ])
    expect(await write(bench, { params: { zip: '1' } }, { evolve: false })).toMatchObject({
      output: { columns_added: [], unfit: ['param_zip'] },
    })
    expect(await write(bench, {}, { evolve: false, table: 'none' })).toMatchObject({
      verdict: { detail: 'no_such_table' },
    })
  })

  test('are one row also when twenty add columns at once (A2, K14)', async () => {
    await using bench = await openWith()
    const all = Array.from({ length: 20 }, (_, n) => write(bench, { params: { [`p${n % 5}`]: n } }))
    const kinds = (await Promise.all(all)).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['ok']))
    const [row = {}, ...others] = rows(bench)
    expect(others).toEqual([])
    expect(Object.keys(row).filter((name) => name.startsWith('param_p'))).toHaveLength(5)
  })

  test('hold any words as they are (K10)', async () => {
    await using bench = await openWith()
    for (const text of Object.values(hostileTexts)) {
      await write(bench, { summary: text, params: { [text]: text } })
      expect(rows(bench)).toMatchObject([{ summary: text.replace('\0', '') }])
    }
    expect(bench.vendor.problems).toEqual([])
  })
})

describe('what BigQuery refuses', () => {
  const problem = (reason: string, message = 'Ada') => ({
    error: { message, errors: [{ reason }] },
  })
  test.each([
    [400, problem('invalidQuery'), 'refused', 'invalid_query'],
    [
      400,
      problem('invalidQuery', 'Could not serialize access to table a due to concurrent update'),
      'retry',
      'concurrent_update',
    ],
    [403, problem('quotaExceeded'), 'limited', 'quota_exceeded'],
    [403, problem('accessDenied'), 'refused', 'access_denied'],
    [404, problem('notFound'), 'missing', 'not_found'],
    [500, problem('backendError'), 'unknown', 'backend_error'],
    [503, {}, 'unknown', 'http_503'],
  ])('%i %j is %s', async (code, body, kind, detail) => {
    await using bench = await openWith()
    bench.setup.seed('reporting.seen', [{ name: 'id', type: 'INTEGER' }])
    bench.vendor.failAll(
      status(code, {}, body),
      ({ method, path }) => method === 'POST' && !isToken({ path }),
    )
    const input = { table: 'seen', key: ['id'], row: { id: 1 } }
    expect(await bench.run('row.upsert', input)).toMatchObject({ verdict: { kind, detail } })
  })

  test('is signed for with the key of a service account, and told by the check', async () => {
    await using bench = await openWith({ location: 'US' })
    expect(await bench.check()).toMatchObject({
      output: { account: 'canary-project.reporting', warnings: [expect.stringContaining('EU')] },
    })
    expect(bench.setup.door.claims).toMatchObject([
      { scope: 'https://www.googleapis.com/auth/bigquery', exp: expect.any(Number) },
    ])
  })
})
