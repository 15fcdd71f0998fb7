// The practice's database: its tables, its first patients, and its settings.
//
// K1. Seeding happens once for a database: what somebody changed or deleted afterwards stays so.
// K2. Two processes that start at once seed once: the work is one transaction under one lock.

import pg from 'pg'
import { CLINIC_ZONE } from '../rules/clinic-time.ts'
import { SCHEMA_SQL } from './schema.ts'
import { SEED } from './seed.ts'

const SEEDED = 'seeded_at'
const LOCK = 4_401_440

export function openPractice(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: 10_000,
    application_name: 'clinic-services',
  })
  // A server that goes away must not take this process with it; the next query says so itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return pool
}

/** Makes the tables, and fills them the first time. */
export async function applyPractice(pool: pg.Pool, now: Date): Promise<'seeded' | 'kept'> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    await client.query(SCHEMA_SQL)
    const { rowCount } = await client.query(
      'insert into clinic.settings values ($1, $2) on conflict do nothing',
      [SEEDED, now.toISOString()],
    )
    if (rowCount === 1) await seed(client, now)
    await client.query('commit')
    client.release()
    return rowCount === 1 ? 'seeded' : 'kept'
  } catch (error) {
    client.release(true)
    throw error
  }
}

const DAY = `((($1::timestamptz at time zone '${CLINIC_ZONE}')::date + $2::integer))`

async function seed(client: pg.PoolClient, now: Date): Promise<void> {
  const at = now.toISOString()
  for (const [index, { phone, name, email, vip = false, ...rest }] of SEED.entries()) {
    const { rows } = await client.query<{ id: number }>(
      `insert into clinic.patients (phone, first_name, last_name, email, vip, member_since)
       values ($3, $4, $5, $6, $7, ${DAY}) returning id`,
      [at, -rest.memberForDays, phone, ...name, email, vip],
    )
    const id = rows[0]?.id
    for (const { inDays, time, doctor, reason, status = 'booked' } of rest.appointments ?? []) {
      await client.query(
        `insert into clinic.appointments (patient_id, starts_at, doctor, reason, status)
         values ($3, (${DAY} + $4::time) at time zone '${CLINIC_ZONE}', $5, $6, $7)`,
        [at, inDays, id, time, doctor, reason, status],
      )
    }
    if (rest.insurance !== undefined) {
      const { provider, plan, endsInDays } = rest.insurance
      await client.query(
        `insert into clinic.insurance (patient_id, provider, plan, valid_until)
         values ($3, $4, $5, ${DAY})`,
        [at, endsInDays, id, provider, plan],
      )
    }
    for (const { cents, dueInDays, paidInDays = null } of rest.invoices ?? []) {
      await client.query(
        `insert into clinic.invoices (patient_id, amount_cents, due_on, paid_on)
         values ($3, $4, ${DAY}, ${DAY.replace('$2', '$5')})`,
        [at, dueInDays, id, cents, paidInDays],
      )
    }
    for (const { title, urgency, status = 'open' } of rest.cases ?? []) {
      await client.query(
        `insert into clinic.cases (patient_id, title, urgency, status, opened_at)
         values ($1, $2, $3, $4, $5::timestamptz - interval '2 days')`,
        [id, title, urgency, status, at],
      )
    }
    for (const [place, subject] of (rest.tickets ?? []).entries()) {
      await client.query(
        'insert into clinic.tickets (external_id, phone, subject) values ($1, $2, $3)',
        [`desk-${index + 1}-${place + 1}`, phone, subject],
      )
    }
  }
}

export async function readSetting(pool: pg.Pool, name: string): Promise<string | null> {
  const { rows } = await pool.query<{ value: string }>(
    'select value from clinic.settings where name = $1',
    [name],
  )
  return rows[0]?.value ?? null
}

export async function writeSetting(pool: pg.Pool, name: string, value: string): Promise<void> {
  await pool.query(
    `insert into clinic.settings values ($1, $2)
     on conflict (name) do update set value = excluded.value`,
    [name, value],
  )
}
