// Makes the database's files at the first start.
//
//   leftovers removed ─▶ initdb in a draft folder ─▶ renamed to <data folder>/postgres
//
// I1. `<data folder>/postgres` is either absent or complete: a kill at any moment leaves a draft that
//     the next start removes.
// I2. Data that is there is never removed or overwritten, also when it cannot be used.

import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError, errorCode, externalDatabase } from './error.ts'
import { explainOutput } from './explain-output.ts'
import { handOver, postgresFolder } from './folders.ts'
import { explainLaunchError, launch, type Runtime } from './launch.ts'
import { lastLines } from './log-file.ts'

export const superuser = 'bookend'
const draftPrefix = 'postgres.init-'
const outputMax = 16_384

export interface InitOptions {
  readonly dataDir: string
  readonly runtime: Runtime
  /** Waits until everything is on the disk. */
  readonly isSynced: boolean
  readonly signal: AbortSignal | undefined
}

/** Returns whether the database is new. The caller holds the data folder's lock. */
export async function initialise(options: InitOptions): Promise<boolean> {
  const { dataDir, runtime } = options
  await removeDrafts(dataDir)
  const folder = postgresFolder(dataDir)
  const version = await versionOf(folder)
  if (version === undefined) {
    await makeDatabase(options)
    return true
  }
  if (version !== runtime.binaries.major) throw otherMajor(folder, version, runtime.binaries.major)
  const { account } = runtime.runAs
  if (account !== undefined) await handOver(folder, account)
  return false
}

/** The major version of the data; undefined when there is none. */
async function versionOf(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  if (names.length === 0) return undefined
  throw new EmbeddedPostgresError(
    'foreign_data',
    `The folder ${folder} holds files that are no PostgreSQL data (PG_VERSION is missing), and they ` +
      `were left alone; move them away, restore a backup, or ${externalDatabase}`,
  )
}

async function makeDatabase(options: InitOptions): Promise<void> {
  const { dataDir, runtime } = options
  const draft = join(dataDir, `${draftPrefix}${process.pid}`)
  await mkdir(draft, { mode: 0o700 })
  const { account } = runtime.runAs
  if (account !== undefined) await handOver(draft, account)
  try {
    await runInitdb(options, draft)
    // An empty folder may be in the way; a rename replaces that and nothing else.
    await rename(draft, postgresFolder(dataDir))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  if (options.isSynced) await syncFolder(dataDir)
}

async function runInitdb(options: InitOptions, folder: string): Promise<void> {
  const { runtime, signal, dataDir } = options
  const { initdb } = runtime.binaries
  const child = launch(runtime, {
    program: [initdb, ...initdbArguments(folder, options.isSynced)],
    deathSignal: 'KILL',
    output: 'pipe',
  })
  const abort = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', abort)
  if (signal?.aborted === true) abort()
  let output = ''
  const collect = (chunk: string): void => void (output = (output + chunk).slice(-outputMax))
  child.stdout?.setEncoding('utf8').on('data', collect)
  child.stderr?.setEncoding('utf8').on('data', collect)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(explainLaunchError(error, initdb)))
    child.once('close', resolve)
  }).finally(() => signal?.removeEventListener('abort', abort))
  signal?.throwIfAborted()
  if (exitCode !== 0) {
    const what = `PostgreSQL could not make its files in ${dataDir}`
    throw explainOutput(dataDir, what, lastLines(output))
  }
}

/**
 * Text compares by code point and upper case follows Unicode, both inside PostgreSQL, so that an
 * update of the system's locales cannot silently reorder an index.
 */
function initdbArguments(folder: string, isSynced: boolean): string[] {
  return [
    ['-D', folder, '-U', superuser, '--encoding=UTF8'],
    ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ['--auth-local=trust', '--auth-host=reject', '--data-checksums', '--no-instructions'],
    isSynced ? [] : ['--no-sync'],
  ].flat()
}

async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(draftPrefix)) continue
    // A killed start may still be writing into it for a moment.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function otherMajor(folder: string, found: string, brought: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'other_major_version',
    `The data in ${folder} was made by PostgreSQL ${found}; this Bookend brings PostgreSQL ${brought} ` +
      'and left the data untouched. Start it with the Bookend that made it and move the data with ' +
      `pg_dump, or serve the folder with PostgreSQL ${found} and set DATABASE_URL`,
  )
}
