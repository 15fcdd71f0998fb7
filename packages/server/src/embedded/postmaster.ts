// A server that an earlier Bookend left behind, found through the `postmaster.pid` in its data.
//
// A killed Bookend may leave its server running, or on its way down. The process id in the file is
// only a hint: it may have been given to something else since, perhaps to another PostgreSQL.

import { execFile } from 'node:child_process'
import { readFile, readlink, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { EmbeddedPostgresError, errorCode } from './error.ts'
import { shutDown } from './shut-down.ts'

const pollMs = 10
const emptyFileWaitMs = 100

/**
 * Ends the server that still works on `folder`, if there is one, and waits until it is gone.
 * Returns the process id that stays in `postmaster.pid` without being such a server.
 *
 * The caller holds the data folder's lock, so no living Bookend owns that server.
 */
export async function stopOrphan(
  folder: string,
  log: (message: string, fields?: Record<string, unknown>) => void,
): Promise<number | undefined> {
  const pid = await readPostmasterPid(folder)
  if (pid === undefined || !(await isPostmasterOf(pid, folder))) return pid
  log('stopping the PostgreSQL server that an earlier process left running', { pid })
  const isGone = await shutDown({
    send: (signal) => signalIfAlive(pid, signal),
    goneWithin: async (patienceMs) => {
      const endsAtMs = performance.now() + patienceMs
      while (await isPostmasterOf(pid, folder)) {
        if (performance.now() > endsAtMs) return false
        await delay(pollMs)
      }
      return true
    },
  })
  if (isGone) return await readPostmasterPid(folder)
  throw new EmbeddedPostgresError(
    'start_failed',
    `The PostgreSQL server (process ${pid}) that an earlier Bookend left on ${folder} does not end; ` +
      'end it, then start again',
  )
}

/**
 * The process id in the file. A file without one, which a crash or a full disk leaves and which
 * PostgreSQL refuses to start over, is removed.
 */
async function readPostmasterPid(folder: string): Promise<number | undefined> {
  const path = join(folder, 'postmaster.pid')
  for (const isLastLook of [false, true]) {
    const text = await readIfThere(path)
    if (text === undefined) return undefined
    const pid = parsePostmasterPid(text)
    if (pid !== undefined) return pid
    if (!isLastLook) await delay(emptyFileWaitMs)
  }
  await rm(path, { force: true })
  return undefined
}

/** The first line; negative for a server without a postmaster. */
export function parsePostmasterPid(text: string): number | undefined {
  const pid = Math.abs(Number(/^-?\d{1,10}$/.exec(text.split('\n')[0] ?? '')?.[0]))
  return pid > 0 ? pid : undefined
}

/** Whether the process is a PostgreSQL server that works on this folder. */
export async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
  const command = await commandOf(pid)
  if (command === undefined || !servesPostgres(command)) return false
  return command[command.indexOf('-D') + 1] === folder || (await workingFolderOf(pid)) === folder
}

const servesPostgres = (command: readonly string[]): boolean =>
  basename(command[0] ?? '') === 'postgres' && command.includes('-D')

/** The command line; undefined for a process that is gone or only waits to be reaped. */
async function commandOf(pid: number): Promise<string[] | undefined> {
  if (process.platform === 'linux') {
    // Hidden (hidepid) means that it runs under an account that is not ours.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return line === '' ? undefined : line.split('\0')
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    return splitCommand(stdout.trimEnd())
  } catch {
    return undefined
  }
}

/** `ps` joins arguments with spaces; only the program and the folder after `-D` matter here. */
export function splitCommand(line: string): string[] {
  const [, program, folder] = /^(.*?\/postgres) -D (.*?)(?: -c .*)?$/.exec(line) ?? []
  return program === undefined || folder === undefined ? [line] : [program, '-D', folder]
}

/** A server works in its data folder, also after that was moved. Not always allowed to be asked. */
async function workingFolderOf(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
