import type pg from 'pg'
import type { TestDatabase } from '../../../packages/server/src/testing/postgres.ts'
import { testDatabase } from '../../../packages/server/src/testing/postgres.ts'
import { applyPractice, openPractice } from '../services/practice.ts'

export interface Clinic extends AsyncDisposable {
  readonly database: TestDatabase
  readonly pool: pg.Pool
}

/** A practice of its own on the run's PostgreSQL, seeded on the given instant. */
export async function openClinic(now = new Date('2026-11-26T15:00:00Z')): Promise<Clinic> {
  const database = await testDatabase()
  const pool = openPractice(database.url)
  await applyPractice(pool, now)
  return {
    database,
    pool,
    async [Symbol.asyncDispose]() {
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}
