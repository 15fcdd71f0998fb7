// Where things are kept: the data folder, its secret key, and a migrated database.

import pg from 'pg'
import type { Config } from '../config/config.ts'
import { addSecretKey, readOrMakeSecretKeys } from '../config/local-files.ts'
import { lockDataDir } from '../embedded/lock.ts'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'
import type { Log } from '../log.ts'
import { Opened } from '../opened.ts'
import { DatabaseAwayError } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'

export interface Storage extends AsyncDisposable {
  readonly databaseUrl: string
  readonly secretKey: Uint8Array
  /** These only open. */
  readonly previousSecretKeys: readonly Uint8Array[]
  /** Makes and keeps a new current key; null: the key is the environment's. */
  readonly makeSecretKey: (() => Promise<Uint8Array>) | null
}

export interface StorageOptions {
  readonly config: Pick<Config, 'dataDir' | 'databaseUrl' | 'secretKey' | 'previousSecretKeys'>
  readonly log: Log
  readonly print: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** One process at a time has a data folder, also when the database is elsewhere: the spool is in it. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { config, print } = options
  const opened = new Opened()
  try {
    const databaseUrl = await openServer(options, opened)
    const applied = await migrateAt(databaseUrl)
    if (applied.length > 0) print(`migrated ${applied.join(', ')}`)
    const keys = await readKeys(config)
    print(`data ${config.dataDir}`)
    const owned = opened.move()
    return { databaseUrl, ...keys, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

async function readKeys({
  dataDir,
  secretKey,
  previousSecretKeys,
}: StorageOptions['config']): Promise<
  Pick<Storage, 'secretKey' | 'previousSecretKeys' | 'makeSecretKey'>
> {
  if (secretKey !== null) return { secretKey, previousSecretKeys, makeSecretKey: null }
  const [current, ...before] = await readOrMakeSecretKeys(dataDir)
  return {
    secretKey: current,
    previousSecretKeys: [...before, ...previousSecretKeys],
    makeSecretKey: () => addSecretKey(dataDir),
  }
}

async function openServer(
  { config, log, print, signal }: StorageOptions,
  opened: Opened,
): Promise<string> {
  const { dataDir, databaseUrl } = config
  if (databaseUrl !== null) {
    opened.use(await lockDataDir(dataDir))
    print(`database ${withoutPassword(databaseUrl)}`)
    return databaseUrl
  }
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: (message, fields) => log.info(fields ?? {}, message),
    ...(signal === undefined ? {} : { signal }),
  })
  opened.use(postgres)
  postgres.onExit((reason) => log.error({ reason }, 'the embedded database has ended'))
  print('database embedded PostgreSQL')
  return postgres.url
}

/** @throws {DatabaseAwayError} Nobody answers there, or the login is refused. */
export async function migrateAt(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const where = withoutPassword(databaseUrl)
    throw new DatabaseAwayError(`The database ${where} cannot be reached: ${why}`, { cause })
  }
  try {
    return await migrate(client)
  } finally {
    await client.end()
  }
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
