// The folders of the embedded database, and who may enter them.
//
//   <data folder>/            Bookend's own; the database's account may pass through, not list
//   <data folder>/postgres/   the database (0700, the database's account)
//   <data folder>/run/        the socket (0700, the database's account): the guard of the database,
//                             which trusts whoever can reach it
//
// S1. The socket folder belongs to the database's account and nobody else can enter it.
// S2. Where the data folder's path is too long for a socket, a private folder with a short path
//     stands in; one that somebody else put in its place is refused, never used.

import { createHash } from 'node:crypto'
import { chmod, chown, lchown, lstat, mkdir, opendir, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgresError, errorCode, externalDatabase } from './error.ts'
import { PASS, permits, type Account } from './reach.ts'
import { fitsSocketPath } from './unix-path.ts'

export const socketPort = 5432
const socketName = `.s.PGSQL.${socketPort}`

export const postgresFolder = (dataDir: string): string => join(dataDir, 'postgres')

/** Lets the account pass through the data folder; nobody else gains anything by it. */
export async function openToAccount(dataDir: string, account: Account): Promise<void> {
  const entry = await stat(dataDir)
  if (permits(entry, account, PASS) || entry.uid !== userInfo().uid) return
  if ((entry.mode & 0o077) !== 0) return await chmod(dataDir, entry.mode | 0o001)
  await chown(dataDir, entry.uid, account.gid)
  await chmod(dataDir, entry.mode | 0o010)
}

/**
 * Hands the folder and all in it to the account, the folder itself last: once that is the account's,
 * everything is. Links are handed over, not followed.
 */
export async function handOver(path: string, account: Account): Promise<void> {
  const entry = await lstat(path)
  if (entry.uid === account.uid) return
  if (entry.isDirectory()) {
    for await (const child of await opendir(path)) await handOver(join(path, child.name), account)
  }
  await lchown(path, account.uid, account.gid)
}

/** Makes the folder for the socket, inside the data folder when its path is short enough. */
export async function prepareSocketFolder(
  dataDir: string,
  account: Account | undefined,
): Promise<string> {
  const inside = join(dataDir, 'run')
  const folder = fitsSocketPath(join(inside, socketName)) ? inside : shortFolder(dataDir)
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
  const entry = await lstat(folder)
  const owners = [userInfo().uid, account?.uid]
  const isOurs = folder === inside || owners.includes(entry.uid)
  if (!entry.isDirectory() || !isOurs) throw unsafe(folder)
  if ((entry.mode & 0o777) !== 0o700) await chmod(folder, 0o700)
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  // What an earlier server left: none that serves this data is alive when this runs.
  for (const name of [socketName, `${socketName}.lock`])
    await rm(join(folder, name), { force: true })
  return folder
}

/** Removes a stand-in folder; the one in the data folder stays. */
export async function releaseSocketFolder(dataDir: string, folder: string): Promise<void> {
  if (folder === shortFolder(dataDir)) await rm(folder, { recursive: true, force: true })
}

export function shortFolder(dataDir: string, temporary: string = tmpdir()): string {
  const name = `bookend-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  const folder = join(temporary, name)
  return fitsSocketPath(join(folder, socketName)) ? folder : join('/tmp', name)
}

function unsafe(folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unsafe_socket_folder',
    `The folder ${folder}, meant for the database's socket, is not a folder of this account; ` +
      `remove it, choose a data folder with a shorter path, or ${externalDatabase}`,
  )
}
