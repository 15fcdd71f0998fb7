// The stored connections of the workspace whose workflows this process runs, kept as they are in the
// database.
//
// S1. A row that did not change stays the same connection, and keeps what it has open.
// S2. Loads follow one another, so that an older one never wins.
// S3. A name of `bookend.config.ts` is that file's; a stored one of the same name is not used.

import type { Changes } from '../../changes/changes.ts'
import type { Log } from '../../log.ts'
import type { Secrets } from '../../secrets/secrets.ts'
import type { Database } from '../../store/database.ts'
import { listConnections } from '../../store/postgres/connections.ts'
import type { ConfiguredConnection } from '../configured.ts'
import type { ConnectionRuntime } from '../runtime.ts'
import { openRow } from './open-row.ts'

export interface StoredOptions {
  readonly database: Database
  readonly secrets: Secrets
  readonly runtime: Pick<ConnectionRuntime, 'replaceStored'>
  /** Names of `bookend.config.ts`. */
  readonly fileNames: ReadonlySet<string>
  readonly workspaceId: string
  readonly changes: Pick<Changes, 'subscribe'>
  readonly log: Log
}

export interface StoredConnections {
  /** Whose workflows use them. */
  readonly workspaceId: string
  readonly fileNames: ReadonlySet<string>
  /** Resolves once what was stored before the call is in use. */
  reload(): Promise<void>
}

/** @throws {DatabaseAwayError} */
export async function openStoredConnections(options: StoredOptions): Promise<StoredConnections> {
  const { database, secrets, runtime, fileNames, workspaceId, log } = options
  let known = new Map<string, ConfiguredConnection>()
  let loading = Promise.resolve()

  async function load(): Promise<void> {
    const rows = await listConnections(database.pool, workspaceId)
    const next = new Map<string, ConfiguredConnection>()
    for (const row of rows) {
      if (fileNames.has(row.name)) continue
      const revision = `${row.id}:${row.version}`
      const before = known.get(row.name)
      // One that could not be opened is tried again: the key may be there by now.
      const isSame = before?.revision === revision && before.unusable === undefined
      const connection = isSame ? before : openRow(secrets, row)
      if (connection === null) {
        log.warn({ connection: row.name }, 'a stored connection is of a connector that is not here')
        continue
      }
      if (connection.unusable !== undefined && before?.unusable !== connection.unusable) {
        const fields = { connection: row.name, code: connection.unusable }
        log.warn(fields, 'a stored connection cannot be used')
      }
      next.set(row.name, connection)
    }
    known = next
    runtime.replaceStored([...next.values()])
  }

  function reload(): Promise<void> {
    loading = loading.then(load, load)
    return loading
  }

  await reload()
  options.changes.subscribe((change) => {
    if (change.topic !== 'config') return
    if (change.workspaceId !== workspaceId && change.workspaceId !== '*') return
    reload().catch((err: unknown) => log.warn({ err }, 'connections could not be read anew'))
  })
  return { workspaceId, fileNames, reload }
}
