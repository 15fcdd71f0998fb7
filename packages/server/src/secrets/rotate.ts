// Moving every stored credential to the current key, while the server works.
//
//   for each column ─▶ batch of what another key sealed, locked ─▶ opened ─▶ sealed anew ─▶ committed
//
// R1. Killed at any point, nothing is lost: a batch commits whole, and what is left is found by its
//     first bytes (F5).
// R2. Nobody waits for it: rows that somebody else is writing are passed over, and found again.
// R3. What does not open is left as it is, and counted.

import type pg from 'pg'
import type { Clock } from '@bookend/core'
import type { Database, Queryable } from '../store/database.ts'
import { sealedColumns, type SealedColumn } from './sealed-columns.ts'
import { SecretUnreadableError, type Keyring } from './secrets.ts'

const BATCH = 500

export interface RotateOptions {
  readonly database: Database
  readonly keyring: Keyring
  readonly clock: Clock
  /** No batch is begun after that many milliseconds. */
  readonly limitMs: number
}

export interface Rotated {
  readonly rotated: number
  readonly left: number
  readonly unreadable: number
}

export async function rotateSecrets(options: RotateOptions): Promise<Rotated> {
  const { database, keyring, clock, limitMs } = options
  const endsAtMs = clock.monotonicMs() + limitMs
  let rotated = 0
  let unreadable = 0
  for (const column of sealedColumns) {
    let after: readonly string[] | null = null
    do {
      if (clock.monotonicMs() >= endsAtMs) break
      const from: readonly string[] | null = after
      const batch: Batch = await database.transaction((client) =>
        rotateBatch(client, keyring, column, from),
      )
      rotated += batch.rotated
      unreadable += batch.unreadable
      after = batch.last
    } while (after !== null)
  }
  const { others } = await countSealed(database.pool, keyring)
  return { rotated, left: Math.max(0, others - unreadable), unreadable }
}

interface Batch {
  readonly rotated: number
  readonly unreadable: number
  /** The key of the last row; null: that was all. */
  readonly last: readonly string[] | null
}

type Row = Readonly<Record<string, string>>

async function rotateBatch(
  client: pg.PoolClient,
  keyring: Keyring,
  { table, column, key, more = [], context }: SealedColumn,
  after: readonly string[] | null,
): Promise<Batch> {
  const names = key.join(', ')
  const places = key.map((_, at) => `$${at + 2}`).join(', ')
  const texts = [...key, ...more].map((name) => `t.${name}::text`).join(', ')
  const order = key.map((name) => `t.${name}`).join(', ')
  const { rows } = await client.query<Row>(
    `select ${texts}, t.${column} as sealed from ${table} t
     where ${otherKey(column)} ${after === null ? '' : `and (${order}) > (${places})`}
     order by ${order} limit ${BATCH} for no key update skip locked`,
    [keyring.prefix, ...(after ?? [])],
  )
  const keys: string[][] = key.map(() => [])
  const sealed: Buffer[] = []
  for (const row of rows) {
    const fresh = sealAnew(keyring, row['sealed'] as unknown as Buffer, context(row))
    if (fresh === null) continue
    for (const [at, name] of key.entries()) keys[at]?.push(row[name] ?? '')
    sealed.push(fresh)
  }
  if (sealed.length > 0) {
    const lists = key.map((name, at) => `$${at + 2}::${typeOf(name)}[]`).join(', ')
    const same = key.map((name) => `t.${name} = u.${name}`).join(' and ')
    await client.query(
      `update ${table} t set ${column} = u.fresh
       from unnest($1::bytea[], ${lists}) as u (fresh, ${names}) where ${same}`,
      [sealed, ...keys],
    )
  }
  const last = rows.length < BATCH ? undefined : rows.at(-1)
  return {
    rotated: sealed.length,
    unreadable: rows.length - sealed.length,
    last: last === undefined ? null : key.map((name) => last[name] ?? ''),
  }
}

/** A comparison under another type than the column's would read the whole table. */
const typeOf = (name: string): string => (name.endsWith('id') ? 'uuid' : 'text')

function sealAnew(keyring: Keyring, sealed: Buffer, context: string): Buffer | null {
  try {
    return keyring.encrypt(keyring.decrypt(sealed, context), context)
  } catch (error) {
    if (error instanceof SecretUnreadableError) return null
    throw error
  }
}

/** An empty one is no value: nothing was sealed. */
const otherKey = (column: string): string =>
  `${column} is not null and length(${column}) > 0 and substring(${column} for 5) <> $1`

/** How many values the current key sealed, and how many another one. */
export async function countSealed(
  client: Queryable,
  keyring: Pick<Keyring, 'prefix'>,
): Promise<{ current: number; others: number }> {
  const parts = sealedColumns.map(
    ({ table, column }) =>
      `select count(*) filter (where length(${column}) > 0)::integer as all_values,
         count(*) filter (where ${otherKey(column)})::integer as others from ${table}`,
  )
  const { rows } = await client.query<{ all_values: number; others: number }>(
    `select sum(all_values)::integer as all_values, sum(others)::integer as others
     from (${parts.join(' union all ')}) counted`,
    [keyring.prefix],
  )
  const { all_values: all = 0, others = 0 } = rows[0] ?? {}
  return { current: all - others, others }
}
