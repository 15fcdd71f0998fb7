// Bookend as `bookend start` runs it, with one subscription and calls enough to report on.

import { createApiKey, createId } from '@bookend/core'
import { createClient } from '@bookend/sdk/client'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startChild } from '../testing/child.ts'

export interface Server extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** PostgreSQL's first process. */
  readonly databasePid: number
  readonly key: string
  /** The folder of the database's socket. */
  readonly socketDir: string
  /** That many calls, open, with nothing said; stored as if they had come a minute ago. */
  openCalls(count: number): Promise<readonly string[]>
  /** Deliveries that have still to be made. */
  waitingDeliveries(): Promise<number>
}

const CLI = fileURLToPath(new URL('../../packages/cli/bin/bookend.mjs', import.meta.url))
const AGE_MS = 60_000

export async function startServer(
  folder: string,
  sinkUrl: string,
  nodeArgs: readonly string[],
): Promise<Server> {
  const { key } = createApiKey()
  const dataDir = join(folder, 'data')
  const workflows = join(folder, 'workflows')
  await mkdir(workflows)
  const child = await startChild({
    args: [...nodeArgs, CLI, 'start'],
    env: {
      PORT: '0',
      BOOKEND_DATA_DIR: dataDir,
      BOOKEND_WORKFLOWS: workflows,
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
      BOOKEND_API_KEY: key,
      BOOKEND_LOG_LEVEL: 'warn',
      DATABASE_URL: '',
      NODE_ENV: 'production',
    },
  })
  const client = createClient({ baseUrl: child.url, key })
  await client.call('createWebhook', {
    body: { url: `${sinkUrl}/events`, event_types: ['call.completed'] },
  })
  const socketDir = join(dataDir, 'run')
  const database = new pg.Pool({ host: socketDir, user: 'bookend', max: 1 })
  return {
    url: child.url,
    pid: child.pid,
    databasePid: Number.parseInt(
      await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'),
      10,
    ),
    key,
    socketDir,
    async openCalls(count) {
      const createdAt = new Date(Date.now() - AGE_MS)
      const ids = Array.from({ length: count }, () => createId(createdAt))
      await database.query(
        `insert into bookend.calls (workspace_id, id, status, direction, platform, from_number,
           to_number, agent, params, external_identifiers, outcome, created_at, started_at)
         select w.id, call.id, 'in_progress', 'inbound', 'api', '+15550100001', '+15550100900',
           '{"name":"Bench","voice_id":null,"language":"en","record":false,
             "agent_speaks_first":true,"analyzers":[]}', '{}', '{}', '{"type":"continue"}', $2, $2
         from bookend.workspaces w, unnest($1::uuid[]) as call (id)`,
        [ids, createdAt],
      )
      return ids
    },
    async waitingDeliveries() {
      const { rows } = await database.query<{ count: number }>(
        `select count(*)::int as count from bookend.deliveries where status = 'pending'`,
      )
      return rows[0]?.count ?? 0
    },
    async [Symbol.asyncDispose]() {
      await database.end()
      await child[Symbol.asyncDispose]()
    },
  }
}
