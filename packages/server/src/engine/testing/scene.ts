import { createId } from '@bookend/core'
import type { JsonObject } from '@bookend/contract'
import pg from 'pg'
import { openDatabase, type Database, type Queryable } from '../../store/database.ts'
import { migrate } from '../../store/migrate.ts'
import { testDatabase } from '../../testing/postgres.ts'
import { wakeWaiting } from '../record-wait.ts'
import { createEngine, type EngineOptions } from '../create-engine.ts'
import type { StoredEvent } from '../../store/postgres/events.ts'
import type { Engine } from '../engine.ts'
import { systemClock } from '../../system-clock.ts'
import { createPatience } from '../patience.ts'
import { createRunWriter, type RunWriter } from '../run-writer.ts'
import { openEffects, type Effects } from './journeys.ts'
import { noPauses } from '../../pauses/pauses.ts'
import { localChanges } from './local-changes.ts'
import { testCalls } from './test-calls.ts'
import { testLinks } from './test-links.ts'

export interface Scene extends AsyncDisposable {
  readonly url: string
  readonly database: Database
  /** Its statements are prepared, as those of the engine's records are. */
  readonly keyed: Database
  readonly writer: RunWriter
  readonly workspaceId: string
  readonly effects: Effects
  event(type: string, payload?: JsonObject): StoredEvent
  store(client: Queryable, event: StoredEvent): Promise<void>
  readonly changes: ReturnType<typeof localChanges>
  /** Stores the event and enqueues its runs in one transaction, and tells of it; yields their ids. */
  ingest(engine: Engine, event: StoredEvent): Promise<readonly string[]>
  run(runId: string): Promise<{ status: string; error: string | null; version: string }>
  steps(runId: string): Promise<{ name: string; status: string; error: string | null }[]>
}

/** A migrated database with one workspace and a table of effects. */
export async function openScene(): Promise<Scene> {
  const test = await testDatabase()
  const client = new pg.Client(test.connection)
  await client.connect()
  await migrate(client)
  const workspaceId = createId(new Date())
  await client.query(
    `insert into workspaces (id, name, signing_secret) values ($1, 'test', '\\x00')`,
    [workspaceId],
  )
  await client.query('create table public.effects (id serial, run_id uuid, step text)')
  await client.end()
  const database = openDatabase(test.url)
  const keyed = openDatabase(test.url, { connections: 4, isKeyed: true })
  const patience = createPatience(systemClock, new AbortController().signal)
  const effects = openEffects(test.url)
  const changes = localChanges()
  const store: Scene['store'] = async (on, event) => {
    await on.query(
      `insert into events (workspace_id, id, type, dedupe_key, payload, created_at)
       values ($1, $2, $3, $2, $4, $5) on conflict do nothing`,
      [workspaceId, event.id, event.type, event.payload, event.createdAt],
    )
  }
  return {
    store,
    url: test.url,
    database,
    changes,
    keyed,
    writer: createRunWriter({ database: keyed, patience }),
    workspaceId,
    effects,
    event(type, payload = {}) {
      const id = `evt_${createId(new Date()).replaceAll('-', '')}`
      return { workspaceId, id, type, createdAt: new Date(), payload, callId: null }
    },
    async ingest(engine, event) {
      const { runIds, woken } = await database.transaction(async (transaction) => {
        await store(transaction, event)
        const waiting = await wakeWaiting(transaction, [event])
        return { runIds: await engine.enqueue(transaction, event, null), woken: waiting }
      })
      for (const id of ['', ...woken.map(({ runId }) => runId)]) {
        changes.publish({ topic: 'wakes', workspaceId, id, callId: null })
      }
      return runIds
    },
    async run(runId) {
      const [row] = await database.query<{ status: string; error: string | null; version: string }>(
        'select status, error, version from runs where workspace_id = $1 and id = $2',
        [workspaceId, runId],
      )
      if (row === undefined) throw new Error(`No run ${runId}`)
      return row
    },
    steps: (runId) =>
      database.query(
        `select name, status, error from run_steps where workspace_id = $1 and run_id = $2
         order by position`,
        [workspaceId, runId],
      ),
    async [Symbol.asyncDispose]() {
      await effects.close()
      await keyed.close()
      await database.close()
      await test[Symbol.asyncDispose]()
    },
  }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

export const engineOn = (
  scene: Pick<Scene, 'changes' | 'database' | 'url'>,
  registry: EngineOptions['registry'],
  rest: Partial<EngineOptions> = {},
): Promise<Engine> =>
  createEngine({
    database: scene.database,
    databaseUrl: scene.url,
    registry,
    connections: { handlesFor: () => ({}), enter: (_, run) => run() },
    findCall: async () => null,
    changes: scene.changes,
    pauses: noPauses,
    links: testLinks,
    calls: testCalls,
    clock: systemClock,
    log: quiet,
    runs: true,
    ...rest,
  })
