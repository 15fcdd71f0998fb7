// Bookend as `bookend start` runs it, with the journeys under measurement, on its embedded PostgreSQL.

import { createApiKey } from '@bookend/core'
import { createClient, type Client } from '@bookend/sdk/client'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startChild, type Child } from '../testing/child.ts'

export interface Server extends AsyncDisposable {
  readonly pid: number
  /** PostgreSQL's first process. */
  readonly databasePid: number
  readonly socketDir: string
  readonly client: Client
  readonly database: pg.Pool
  /** How long it took from its start to being ready. */
  readonly startMs: number
}

const CLI = fileURLToPath(new URL('../../packages/cli/bin/bookend.mjs', import.meta.url))

const FIVE = `
import { journey } from '@bookend/sdk'
export default journey('five', {
  on: 'five.asked',
  async run({ step }) {
    for (const name of ['one', 'two', 'three', 'four', 'five']) await step(name, () => ({ name }))
  },
})
`
const WAIT = `
import { journey } from '@bookend/sdk'
export default journey('wait', {
  on: 'wait.asked',
  async run({ event, step, waitFor }) {
    await step('before', () => 1)
    await waitFor('answer', 'wait.answered', { where: { of: event.event_id }, within: '3d' })
    await step('after', () => 2)
  },
})
`

/** For all processes on one database. */
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

/** A worker beside the server, on its database, with the same workflows. */
export const startWorker = async (folder: string, server: Server): Promise<Child> =>
  await startChild({
    args: [CLI, 'start'],
    env: {
      PORT: '0',
      BOOKEND_ROLES: 'worker',
      BOOKEND_DATA_DIR: await mkdtemp(join(folder, 'worker-')),
      BOOKEND_WORKFLOWS: join(folder, 'workflows'),
      BOOKEND_SECRET_KEY: SECRET_KEY,
      BOOKEND_LOG_LEVEL: 'warn',
      DATABASE_URL: `postgresql://bookend@localhost/bookend?host=${encodeURIComponent(server.socketDir)}`,
      NODE_ENV: 'production',
    },
  })

/**
 * @param folder Of its data: the same one again is a restart.
 * @param more What the environment says besides.
 */
export async function startServer(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const keyFile = join(folder, 'bench.key')
  const workflows = join(folder, 'workflows')
  await mkdir(workflows, { recursive: true })
  await writeFile(join(workflows, 'five.journey.ts'), FIVE)
  await writeFile(join(workflows, 'wait.journey.ts'), WAIT)
  const key = await readFile(keyFile, 'utf8').catch(async () => {
    const fresh = createApiKey()
    await writeFile(keyFile, fresh.key)
    return fresh.key
  })
  const dataDir = join(folder, 'data')
  const startedAtMs = performance.now()
  const child: Child = await startChild({
    args: [CLI, 'start'],
    env: {
      PORT: '0',
      BOOKEND_DATA_DIR: dataDir,
      BOOKEND_WORKFLOWS: workflows,
      BOOKEND_API_KEY: key,
      BOOKEND_LOG_LEVEL: 'warn',
      BOOKEND_SECRET_KEY: SECRET_KEY,
      DATABASE_URL: '',
      ...more,
      NODE_ENV: 'production',
    },
  })
  const startMs = performance.now() - startedAtMs
  const socketDir = join(dataDir, 'run')
  const database = new pg.Pool({ host: socketDir, user: 'bookend', max: 2 })
  database.on('error', () => undefined)
  const pidFile = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')
  return {
    pid: child.pid,
    databasePid: Number.parseInt(pidFile, 10),
    socketDir,
    client: createClient({ baseUrl: child.url, key }),
    database,
    startMs,
    async [Symbol.asyncDispose]() {
      await database.end()
      await child[Symbol.asyncDispose]()
    },
  }
}
