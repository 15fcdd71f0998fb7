// The least that keeps its word: a JSON body, one row inserted and committed, then the answer. No
// key, no checks, no call, no subscriber.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import { listen } from '../../precall/peers/listen.ts'

const pool = new pg.Pool({ host: process.env['PGHOST_DIR'], user: 'bookend', max: 20 })
await pool.query('create schema if not exists bench')
await pool.query(
  `create table if not exists bench.events (
     id bigint generated always as identity primary key,
     payload jsonb not null, created_at timestamptz not null default now())`,
)

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += chunk
  const { rows } = await pool.query('insert into bench.events (payload) values ($1) returning id', [
    JSON.stringify(JSON.parse(text)),
  ])
  response.writeHead(202, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ event_id: String(rows[0].id) }))
}

await listen(createServer((request, response) => void answer(request, response)))
