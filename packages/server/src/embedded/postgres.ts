// The database that Bookend brings along, for those who have set no DATABASE_URL: a real PostgreSQL
// in the data folder, started and stopped with the process.
//
//   lock the folder ─▶ make the programs runnable ─▶ choose the account ─▶ initdb, once
//     ─▶ stop what an earlier process left ─▶ start ─▶ wait until it answers
//
// D1. No TCP port, whatever the settings: one unix socket, in a folder only the database's account
//     and root can enter.
// D2. What was acknowledged is there after the next start, whichever process was killed when.
// D3. One living Bookend per data folder; a second one is told so and touches nothing.
// D4. Data that is there is never removed or overwritten.
// D5. PostgreSQL does not run as root.
// D6. The database's log holds no statement and no value of a row.

import { mkdir, realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findBinaryPackage, prepareBinaries } from './binaries.ts'
import { connectionUrl, type Connection } from './connection.ts'
import { explainingFileErrors } from './error.ts'
import { explainOutput } from './explain-output.ts'
import {
  openToAccount,
  postgresFolder,
  prepareSocketFolder,
  releaseSocketFolder,
  socketPort,
} from './folders.ts'
import { initialise, superuser } from './init.ts'
import type { Runtime } from './launch.ts'
import { lockDataDir } from './lock.ts'
import { openLogFile, type LogFile } from './log-file.ts'
import { stopOrphan } from './postmaster.ts'
import { canApproach, canReadFolders } from './reach.ts'
import { waitUntilReady } from './readiness.ts'
import { chooseRunAs } from './run-as.ts'
import { startServer, type ServerProcess } from './server-process.ts'
import { serverArguments } from './settings.ts'

export interface EmbeddedPostgres extends AsyncDisposable {
  readonly connection: Connection
  /** The same for libraries that take a URL. */
  readonly url: string
  /** Called once if the server dies although nobody asked it to, also when it already has. */
  onExit(listener: (reason: string) => void): void
  /** Resolves when the server is gone and the data folder is free again. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log: Log
  /** Gives up starting; a started server is ended by `stop`. */
  readonly signal?: AbortSignal
  /** Overrides of the server's settings, by their PostgreSQL names. */
  readonly settings?: Readonly<Record<string, string>>
}

type Log = (message: string, fields?: Record<string, unknown>) => void

const heldWaitMaxMs = 30_000
const heldPollMs = 100

/** A server whose last processes are still on their way out. */
const STILL_HELD = /lock file ".*" already exists|pre-existing shared memory block/

/**
 * Starts the database of `dataDir`, making it at the first start. Takes the folder's lock.
 *
 * @throws {EmbeddedPostgresError} It cannot run here; the message says what to do about it.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted()
  return await explainingFileErrors(options.dataDir, async () => {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
    const dataDir = await realpath(options.dataDir)
    const lock = await lockDataDir(dataDir)
    try {
      return await startLocked({ ...options, dataDir }, lock)
    } catch (error) {
      await lock[Symbol.asyncDispose]()
      throw error
    }
  })
}

async function startLocked(
  options: EmbeddedPostgresOptions,
  lock: AsyncDisposable,
): Promise<EmbeddedPostgres> {
  const { dataDir } = options
  const { runtime, socketFolder } = await prepare(dataDir)
  const connection: Connection = {
    host: socketFolder,
    port: socketPort,
    user: superuser,
    database: 'bookend',
    ssl: false,
  }
  let server: ServerProcess
  try {
    server = await startPrepared(options, runtime, connection)
  } catch (error) {
    await releaseSocketFolder(dataDir, socketFolder)
    throw error
  }
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> =>
    (stopping ??= server.stop().then(async () => {
      await releaseSocketFolder(dataDir, socketFolder)
      await lock[Symbol.asyncDispose]()
    }))
  return {
    connection,
    url: connectionUrl(connection),
    onExit: (listener) => {
      void server.exited.then((reason) => (stopping === undefined ? listener(reason) : undefined))
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Folders and programs, and whether the chosen account needs to pass closed folders (R2). */
async function prepare(dataDir: string): Promise<{ runtime: Runtime; socketFolder: string }> {
  const binaries = await prepareBinaries(findBinaryPackage(), dataDir)
  const runAs = await chooseRunAs(postgresFolder(dataDir))
  const { account } = runAs
  const socketFolder = await prepareSocketFolder(dataDir, account)
  if (account === undefined) return { runtime: { binaries, runAs }, socketFolder }
  await openToAccount(dataDir, account)
  const canReach =
    (await canApproach(postgresFolder(dataDir), account)) &&
    (await canApproach(socketFolder, account)) &&
    (await canReadFolders(binaries.folders, account))
  const runtime = { binaries, runAs: { ...runAs, overridesAccess: !canReach } }
  return { runtime, socketFolder }
}

async function startPrepared(
  options: EmbeddedPostgresOptions,
  runtime: Runtime,
  connection: Connection,
): Promise<ServerProcess> {
  const { dataDir, log, settings = {}, signal } = options
  const startedAtMs = performance.now()
  const isSynced = settings['fsync'] !== 'off'
  const isNew = await initialise({ dataDir, runtime, isSynced, signal })
  const logFile = await openLogFile(dataDir)
  try {
    const server = await startReady(options, runtime, connection, logFile)
    const { account, overridesAccess } = runtime.runAs
    const durationMs = Math.round(performance.now() - startedAtMs)
    const identity = account === undefined ? {} : { account: account.name, overridesAccess }
    log('embedded PostgreSQL is ready', {
      dataDir,
      isNew,
      durationMs,
      pid: server.pid,
      ...identity,
    })
    return server
  } finally {
    await logFile.close()
  }
}

/** Starts the server, again if an earlier one's remains are in the way, until it answers (D2). */
async function startReady(
  options: EmbeddedPostgresOptions,
  runtime: Runtime,
  connection: Connection,
  logFile: LogFile,
): Promise<ServerProcess> {
  const { dataDir, log, settings = {}, signal } = options
  const folder = postgresFolder(dataDir)
  const args = serverArguments(folder, connection.host, settings)
  const givesUpAtMs = performance.now() + heldWaitMaxMs
  for (;;) {
    const stalePid = await stopOrphan(folder, log)
    signal?.throwIfAborted()
    const logSize = await logFile.size()
    const server = startServer(runtime, args, logFile, stalePid)
    let isReady: boolean
    try {
      isReady = await waitUntilReady(server, connection, signal, log)
    } catch (error) {
      await server.stop()
      throw error
    }
    if (isReady) return server
    const tail = await logFile.tailSince(logSize)
    if (!STILL_HELD.test(tail) || performance.now() > givesUpAtMs) {
      const what = `PostgreSQL ended while starting (${server.exitReason}); ${logFile.path} says`
      throw explainOutput(dataDir, what, tail)
    }
    await delay(heldPollMs, undefined, signal === undefined ? {} : { signal })
  }
}
