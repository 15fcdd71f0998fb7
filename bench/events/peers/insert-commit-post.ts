// The least that tells a subscriber: one row inserted and committed, the answer, then one POST of
// the event. No key, no checks, no call; nobody is told again whose POST failed, nor after a restart.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import { Pool } from 'undici'
import { listen } from '../../precall/peers/listen.ts'

const CONNECTIONS = 64

const pool = new pg.Pool({ host: process.env['PGHOST_DIR'], user: 'bookend', max: 20 })
const subscriber = new Pool(process.env['SINK_URL'] ?? '', { connections: CONNECTIONS })
await pool.query('create schema if not exists bench')
await pool.query(
  `create table if not exists bench.reports (
     id bigint generated always as identity primary key,
     payload jsonb not null, created_at timestamptz not null default now())`,
)

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += chunk
  const payload = { ...JSON.parse(text), call_id: request.url?.split('/').at(-2) }
  const { rows } = await pool.query(
    'insert into bench.reports (payload) values ($1) returning id',
    [JSON.stringify(payload)],
  )
  const id = String(rows[0].id)
  response.writeHead(202, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ event_id: id, call: { uuid: payload.call_id } }))
  const { body } = await subscriber.request({
    path: '/events',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': id },
    body: JSON.stringify({ event_type: 'call.completed', event_id: id, payload }),
  })
  await body.dump()
}

await listen(createServer((request, response) => void answer(request, response)))
