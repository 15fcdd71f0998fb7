import { createClient, type Client } from '@bookend/sdk/client'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningServer } from '../start-server.ts'
import { startServer } from '../start-server.ts'
import { migrateAt } from '../start/open-storage.ts'
import { testDatabase, type TestDatabase } from './postgres.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly key: string
  readonly client: Client
  readonly database: TestDatabase
  readonly printed: readonly string[]
  /** Where its workflow files are. */
  readonly workflowsDir: string
  /** One request to the API, as it is: for what the typed client cannot send. */
  send(path: string, init?: RequestInit & { key?: string | null }): Promise<Response>
}

export interface TestServerOptions {
  /** Workflow files by name. */
  readonly workflows?: Readonly<Record<string, string>>
  readonly env?: NodeJS.ProcessEnv
  /** Works on the migrated database before the server starts. */
  readonly prepare?: (database: TestDatabase) => Promise<void>
}

/** The whole server in this process, on a database of its own. One at a time: the engine is global. */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = await testDatabase()
  const folder = await temporaryFolder()
  const workflows = join(folder.path, 'workflows')
  await mkdir(workflows)
  for (const [name, source] of Object.entries(options.workflows ?? {})) {
    await writeFile(join(workflows, name), source)
  }
  if (options.prepare !== undefined) {
    await migrateAt(database.url)
    await options.prepare(database)
  }
  const printed: string[] = []
  const server: RunningServer = await startServer({
    env: {
      PORT: '0',
      DATABASE_URL: database.url,
      BOOKEND_DATA_DIR: join(folder.path, 'data'),
      BOOKEND_WORKFLOWS: workflows,
      BOOKEND_ALLOW_PRIVATE_TARGETS: 'true',
      BOOKEND_LOG_LEVEL: 'error',
      ...options.env,
    },
    print: (line) => void printed.push(line),
  })
  const key = server.firstKey ?? ''
  return {
    url: server.url,
    key,
    client: createClient({ baseUrl: server.url, key }),
    database,
    printed,
    workflowsDir: workflows,
    send(path, { key: given = key, ...init } = {}) {
      const headers = new Headers(init.headers)
      if (given !== null) headers.set('authorization', `Bearer ${given}`)
      if (typeof init.body === 'string' && !headers.has('content-type')) {
        headers.set('content-type', 'application/json')
      }
      return fetch(`${server.url}/api/v1${path}`, { ...init, headers })
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await database[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
