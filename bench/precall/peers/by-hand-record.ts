// The careful developer's endpoint, with a record: a row for each call, inserted after its answer,
// those of 25 ms together. No event, no steps, no net below a database that is away.

import pg from 'pg'
import { createByHand, type Answered } from './create-by-hand.ts'
import { listen } from './listen.ts'

const GATHER_MS = 25

const pool = new pg.Pool({ host: process.env['PGHOST_DIR'], user: 'bookend', max: 4 })
await pool.query('create schema if not exists bench')
await pool.query(
  `create table if not exists bench.calls (
     id bigint generated always as identity primary key, request jsonb not null,
     answer jsonb not null, took_ms real not null, created_at timestamptz not null default now())`,
)

let waiting: Answered[] = []

async function store(): Promise<void> {
  const rows = waiting.map(({ request, answer, tookMs }) => ({ request, answer, took_ms: tookMs }))
  waiting = []
  await pool.query(
    `insert into bench.calls (request, answer, took_ms)
     select request, answer, took_ms from jsonb_populate_recordset(null::bench.calls, $1)`,
    [JSON.stringify(rows)],
  )
}

const app = createByHand((answered) => {
  if (waiting.length === 0) setTimeout(() => void store(), GATHER_MS)
  waiting.push(answered)
})
await app.ready()
await listen(app.server)
