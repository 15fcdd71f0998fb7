// One PostgreSQL for all integration tests of a run. Tests ask for it over a socket, and the first
// one that does starts it, so that a run without database tests does not wait for a database.

import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/postgres.ts'
import type { SharedPostgres } from './postgres.ts'

/** Nothing here outlives the run, so nothing is waited for on the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-test-'))
  const abort = new AbortController()
  let started: Promise<EmbeddedPostgres> | undefined
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      log: () => undefined,
      signal: abort.signal,
      settings,
    })
  const door = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    started ??= start()
    started.then(
      ({ connection }) => socket.end(JSON.stringify({ connection } satisfies SharedPostgres)),
      (error: unknown) =>
        socket.end(JSON.stringify({ error: String(error) } satisfies SharedPostgres)),
    )
  })
  const address = join(folder, 'door')
  await once(door.listen(address), 'listening')
  project.provide('postgresDoor', address)
  return async () => {
    door.close()
    abort.abort()
    const postgres = await started?.catch(() => undefined)
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
