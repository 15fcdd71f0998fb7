// A stored row as the connection that workflows use.
//
//   row ─▶ connector ─▶ settings ─▶ goes where it was entered for? ─▶ credential opened ─▶ connection
//
// R1. A row that cannot be used is a connection all the same, and says why to whoever calls it.

import type { Secrets } from '../../secrets/secrets.ts'
import { SecretUnreadableError } from '../../secrets/secrets.ts'
import type { ConnectionRow } from '../../store/postgres/connections.ts'
import { authContext } from '../../store/postgres/connections.ts'
import { connectorIdOf, findConnector } from '../catalog.ts'
import type { ConfiguredConnection } from '../configured.ts'
import { destinationOf } from './destination.ts'

/** Null: this version of Bookend has no such connector. */
export function openRow(secrets: Secrets, row: ConnectionRow): ConfiguredConnection | null {
  const connector = findConnector(connectorIdOf(row.name))
  if (connector === undefined) return null
  const base = { name: row.name, connector, revision: `${row.id}:${row.version}` }
  const unusable = (why: string, settings: unknown = {}): ConfiguredConnection => ({
    ...base,
    settings,
    auth: null,
    unusable: why,
  })
  const settings = connector.settings.safeParse(row.settings)
  if (!settings.success) return unusable('settings_invalid')
  if (row.unusable !== null) return unusable(row.unusable, settings.data)
  if (destinationOf(connector, settings.data) !== row.destination) {
    return unusable('credential_moved', settings.data)
  }
  const opened = openAuth(secrets, row)
  if (opened === undefined) return unusable('credential_unreadable', settings.data)
  const auth = connector.auth.safeParse(opened)
  if (!auth.success) {
    return unusable(row.auth === null ? 'credential_missing' : 'credential_invalid', settings.data)
  }
  return { ...base, settings: settings.data, auth: auth.data }
}

/** Undefined: it does not open. */
function openAuth(secrets: Secrets, row: ConnectionRow): unknown {
  if (row.auth === null) return null
  try {
    return JSON.parse(secrets.decrypt(row.auth, authContext(row))) as unknown
  } catch (error) {
    if (error instanceof SecretUnreadableError) return undefined
    throw error
  }
}
