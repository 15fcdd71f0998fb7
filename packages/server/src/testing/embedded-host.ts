// A process that owns an embedded PostgreSQL and writes to it until it is killed, for tests of what
// is left afterwards. Says on standard output, one JSON line each, that it is ready and which rows
// the database has acknowledged; an error ends it with status 1 and the message on standard error.

import pg from 'pg'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'

export type HostLine = { kind: 'ready'; url: string; uid: number } | { kind: 'stored'; id: number }

const say = (line: HostLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

async function host(dataDir: string): Promise<never> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  const client = new pg.Client(postgres.connection)
  await client.connect()
  await client.query('CREATE TABLE IF NOT EXISTS kept (id bigserial PRIMARY KEY)')
  say({ kind: 'ready', url: postgres.url, uid: process.getuid?.() ?? -1 })
  for (;;) {
    const { rows } = await client.query<{ id: string }>(
      'INSERT INTO kept DEFAULT VALUES RETURNING id',
    )
    for (const { id } of rows) say({ kind: 'stored', id: Number(id) })
  }
}

const [, , dataDir] = process.argv
if (dataDir === undefined) throw new Error('Which data folder?')
host(dataDir).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
