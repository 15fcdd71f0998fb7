import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { testDatabase } from './postgres.ts'
import { query } from './query.ts'

describe('a test database', () => {
  test('is empty and apart from every other', async () => {
    await using one = await testDatabase()
    await using other = await testDatabase()
    await query(one, 'CREATE TABLE things (id int)')
    const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    expect(await query(one, tables)).toEqual([{ tablename: 'things' }])
    expect(await query(other, tables)).toEqual([])
  })

  test('is reached through connection options as well as through its URL', async () => {
    await using database = await testDatabase()
    const pool = new pg.Pool(database.connection)
    const current = 'SELECT current_database() AS name'
    expect((await pool.query(current)).rows).toEqual(await query(database, current))
    await pool.end()
  })

  test('is dropped although a test left a connection open', async () => {
    const database = await testDatabase()
    const left = new pg.Client(database.connection)
    const isCut = new Promise((resolve) => left.on('error', resolve))
    await left.connect()
    await database[Symbol.asyncDispose]()
    await isCut
    await expect(query(database, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })
})
