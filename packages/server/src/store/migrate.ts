// Brings a database to the schema this program knows.
//
//   lock ─▶ read what was applied ─▶ check it is ours ─▶ each missing one, with its record, in one transaction
//
// G1. Killed at any point, the next start goes on: a migration and its record commit together (F5).
// G2. Two starts at once apply each migration once: an advisory lock is held throughout.
// G3. A database that a newer program migrated is refused, not guessed at.

import { BookendError } from '@bookend/core'
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { crashAt } from '../crash-points.ts'
import type { Migration } from './migrations/index.ts'
import { migrations as all } from './migrations/index.ts'

export class MigrationError extends BookendError {
  override readonly name = 'MigrationError'
  readonly code = 'migration_refused'
  readonly retryable = false
}

const SCHEMA = 'bookend'
const LOCK = 4_400_001

interface Applied {
  name: string
  checksum: string
}

/**
 * Names of the migrations this call applied, in order.
 *
 * @throws {MigrationError} The database was migrated by another program, or edited.
 */
export async function migrate(
  client: pg.Client,
  migrations: readonly Migration[] = all,
): Promise<readonly string[]> {
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`create schema if not exists ${SCHEMA}`)
    await client.query(`set search_path to ${SCHEMA}`)
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<Applied>(
      'select name, checksum from migrations order by name',
    )
    const missing = findMissing(rows, migrations)
    for (const migration of missing) await apply(client, migration)
    return missing.map(({ name }) => name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
  }
}

/** Whether the schema is complete, without changing anything. */
export async function isMigrated(client: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const { rows } = await client.query<Applied>('select name, checksum from migrations')
  return findMissing(rows, all).length === 0
}

function findMissing(
  applied: readonly Applied[],
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const migration = known.get(name)
    if (migration === undefined) {
      throw new MigrationError(
        `The database holds migration "${name}", which this version of Bookend does not know; start a version at least as new as the one that made it`,
      )
    }
    if (checksumOf(migration) !== checksum) {
      throw new MigrationError(
        `Migration "${name}" was applied with other contents than it has now`,
      )
    }
  }
  const names = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !names.has(name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [
      migration.name,
      checksumOf(migration),
    ])
    crashAt('migration.before_commit')
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

const checksumOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')
