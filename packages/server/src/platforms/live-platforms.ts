// Every connected voice platform, opened and in memory, so that a call that rings asks no database.
//
// L1. A row that did not change stays the same connection.
// L2. Loads follow one another, so that an older one never wins.
// L3. A row that cannot be opened is there all the same, and says why; the others work.

import { openConnection, platforms as adapters, type PlatformConnection } from '@bookend/platforms'
import type { Changes } from '../changes/changes.ts'
import type { Log } from '../log.ts'
import { SecretUnreadableError, type Secrets } from '../secrets/secrets.ts'
import type { Database } from '../store/database.ts'
import {
  listAllPlatforms,
  platformContext,
  type PlatformKey,
  type PlatformRow,
} from '../store/postgres/platforms.ts'

export interface LivePlatform {
  readonly row: PlatformRow
  /** `<platform>/<name>` */
  readonly label: string
  /** Null: it cannot be used. */
  readonly connection: PlatformConnection | null
  readonly unusable: 'options_unreadable' | 'options_invalid' | 'platform_unknown' | null
}

export interface LivePlatforms {
  find(platform: string, name: string): LivePlatform | undefined
  byId(workspaceId: string, id: string): LivePlatform | undefined
  list(): readonly LivePlatform[]
  /** Resolves once what was stored before the call is in use. */
  reload(): Promise<void>
}

interface Options {
  readonly database: Pick<Database, 'pool'>
  readonly secrets: Secrets
  readonly changes: Pick<Changes, 'subscribe'>
  readonly log: Log
}

/** @throws {DatabaseAwayError} */
export async function openPlatforms(options: Options): Promise<LivePlatforms> {
  const { database, secrets, changes, log } = options
  let byName = new Map<string, LivePlatform>()
  let byId = new Map<string, LivePlatform>()
  let loading = Promise.resolve()

  async function load(): Promise<void> {
    const rows = await listAllPlatforms(database.pool)
    const live = rows.map((row) => {
      const before = byId.get(row.id)
      const isSame = before?.row.version === row.version && before.unusable === null
      if (isSame) return before
      const opened = openPlatform(secrets, row)
      if (opened.unusable !== null && opened.unusable !== before?.unusable) {
        const fields = { platform: opened.label, code: opened.unusable }
        log.warn(fields, 'a connected voice platform cannot be used')
      }
      return opened
    })
    byId = new Map(live.map((one) => [one.row.id, one]))
    byName = new Map(live.map((one) => [one.label, one]))
  }

  function reload(): Promise<void> {
    loading = loading.then(load, load)
    return loading
  }

  await reload()
  changes.subscribe(({ topic }) => {
    if (topic !== 'config') return
    reload().catch((err: unknown) => log.warn({ err }, 'voice platforms could not be read anew'))
  })
  return {
    find: (platform, name) => byName.get(`${platform}/${name}`),
    byId(workspaceId, id) {
      const live = byId.get(id)
      return live?.row.workspace_id === workspaceId ? live : undefined
    },
    list: () => [...byId.values()],
    reload,
  }
}

const labelOf = ({ platform, name }: PlatformKey): string => `${platform}/${name}`

export function openPlatform(secrets: Secrets, row: PlatformRow): LivePlatform {
  const base = { row, label: labelOf(row), connection: null }
  // A later version of this server may have stored it.
  if (!Object.hasOwn(adapters, row.platform)) return { ...base, unusable: 'platform_unknown' }
  const options = openOptions(secrets, row)
  if (options === undefined) return { ...base, unusable: 'options_unreadable' }
  const opened = openConnection(row.platform, options)
  if (!opened.ok) return { ...base, unusable: 'options_invalid' }
  return { ...base, connection: opened.connection, unusable: null }
}

/** Undefined: they do not open. */
export function openOptions(secrets: Secrets, row: PlatformRow): unknown {
  try {
    return JSON.parse(secrets.decrypt(row.options, platformContext(row.workspace_id, row.id)))
  } catch (error) {
    if (error instanceof SecretUnreadableError) return undefined
    throw error
  }
}
