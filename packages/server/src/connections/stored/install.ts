// Has a connection make in the other system what its settings name, asked for by a person.

import type { ConnectionInstalled } from '@bookend/contract'
import type { ConfiguredConnection } from '../configured.ts'
import { askConnection, type AskTools, explain, faultOf } from './ask-connection.ts'

/** Less than a request may take. */
const INSTALL_MS = 14_000

/** Null: the connector has nothing to install. */
export async function installConnection(
  tools: AskTools,
  connection: ConfiguredConnection,
): Promise<ConnectionInstalled | null> {
  const { connector } = connection
  const install = connector.install?.bind(connector)
  if (install === undefined) return null
  const nothing = { made: [], found: [] }
  if (connection.unusable !== undefined) {
    const code = connection.unusable
    return { ok: false, code, detail: explain(code), ...nothing }
  }
  try {
    const { made, found } = await askConnection(tools, connection, INSTALL_MS, install)
    const detail = `${made.length} made, ${found.length} there already`
    return { ok: true, code: 'ok', detail, made: [...made], found: [...found] }
  } catch (error) {
    const { verdict, message } = faultOf(error, tools.log, connection.name)
    const code = verdict.detail.slice(0, 200)
    return { ok: false, code, detail: message.slice(0, 500), ...nothing }
  }
}
