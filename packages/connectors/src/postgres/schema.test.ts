import { describe, expect, test } from 'vitest'
import { InsertInput, PostgresSettings, QueryInput, UpsertInput } from './schema.ts'

const hostile = ['a"b', 'a;drop table x', 'a b', 'a.b.c', '', '1a', 'ä', 'a\0', 'a'.repeat(64)]

describe('what the postgres connector takes', () => {
  test.each(hostile)('no table named %j (D5)', (table) => {
    expect(InsertInput.safeParse({ table, rows: [{ id: 1 }] }).success).toBe(false)
  })

  test.each(['a"b', 'a.b', ...hostile.slice(1)])('no column named %j (D5)', (column) => {
    const rows = [{ [column]: 1 }]
    expect(InsertInput.safeParse({ table: 't', rows }).success).toBe(false)
    const upsert = { table: 't', key: [column], row: { [column]: 1 } }
    expect(UpsertInput.safeParse(upsert).success).toBe(false)
  })

  test('a table with its schema', () => {
    const input = { table: 'clinic.Alerts_2', rows: [{ id: 1, Detail: null }] }
    expect(InsertInput.parse(input)).toEqual(input)
  })

  test('no SQL with U+0000, which would end its text in the protocol (D5)', () => {
    expect(QueryInput.safeParse({ sql: 'select 1\0' }).success).toBe(false)
  })

  test('no rows of different shapes, for a missing column would become null', () => {
    const rows = (second: object) => ({ table: 't', rows: [{ a: 1, b: 2 }, second] })
    expect(InsertInput.safeParse(rows({ b: 1, a: 2 })).success).toBe(true)
    expect(InsertInput.safeParse(rows({ a: 1 })).success).toBe(false)
    expect(InsertInput.safeParse(rows({ a: 1, c: 2 })).success).toBe(false)
  })

  test('no empty row, and no key that the row does not have', () => {
    expect(InsertInput.safeParse({ table: 't', rows: [{}] }).success).toBe(false)
    expect(UpsertInput.safeParse({ table: 't', key: ['id'], row: { a: 1 } }).success).toBe(false)
  })

  test('between 1 and 1,000 rows of a query, 100 unless told', () => {
    expect(QueryInput.parse({ sql: 'select 1' })).toMatchObject({ limit: 100, values: [] })
    expect(QueryInput.safeParse({ sql: 'select 1', limit: 0 }).success).toBe(false)
    expect(QueryInput.safeParse({ sql: 'select 1', limit: 1_001 }).success).toBe(false)
  })

  test('settings with their defaults, and the reason when the URL is wrong', () => {
    expect(PostgresSettings.parse({ url: 'postgres://ada@db/crm' })).toMatchObject({
      pool_max: 5,
      statement_timeout_ms: 5_000,
      read_only: false,
    })
    const { error } = PostgresSettings.safeParse({ url: 'postgres://db/crm' })
    expect(error?.issues).toMatchObject([{ path: ['url'], message: /names a user/ }])
  })
})
