// Whether another account may use the files that PostgreSQL needs: every folder on the way must let
// it through, and what lies at the end must be readable. Modes decide; access lists are not read.

import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A system account that PostgreSQL can run as. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export interface FileMode {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

export const READ = 4
export const PASS = 1

/** Whether the account, in its own group only, has all `bits` (READ, PASS or both) on the entry. */
export function permits(entry: FileMode, account: Account, bits: number): boolean {
  const shift = entry.uid === account.uid ? 6 : entry.gid === account.gid ? 3 : 0
  return ((entry.mode >> shift) & bits) === bits
}

/** Whether the account can pass through every folder above `path`. */
export async function canApproach(path: string, account: Account): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!permits(await stat(folder), account, PASS)) return false
    if (folder === dirname(folder)) return true
  }
}

/** Whether the account can read these folders' files, and run those that anybody can run. */
export async function canReadFolders(
  folders: readonly string[],
  account: Account,
): Promise<boolean> {
  const approachable = new Map<string, boolean>()
  for (const folder of folders) {
    for (const name of ['.', ...(await readdir(folder))]) {
      const path = await realpath(join(folder, name))
      const parent = dirname(path)
      if (!approachable.has(parent)) approachable.set(parent, await canApproach(path, account))
      const entry = await stat(path)
      const bits = (entry.mode & 0o111) === 0 ? READ : READ | PASS
      if (approachable.get(parent) === false || !permits(entry, account, bits)) return false
    }
  }
  return true
}
