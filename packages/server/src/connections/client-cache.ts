import type { ConfiguredConnection } from './configured.ts'
import { reachOf, type Outgoing } from './reach-of.ts'

/** The client that a connection's actions share, opened by the first of them. */
export interface ClientCache {
  /** @throws What the connector's `open` throws; the next call tries again. */
  get(connection: ConfiguredConnection): unknown
  /** Closes the client of a connection that is no longer used. */
  drop(connection: ConfiguredConnection): Promise<void>
  /** Closes every client; rejects with the first fault, after all were told. */
  close(): Promise<void>
}

export function createClientCache(outgoing: Outgoing): ClientCache {
  const opened = new Map<ConfiguredConnection, unknown>()
  return {
    get(connection) {
      const { connector, settings, auth } = connection
      if (connector.client === undefined) return undefined
      if (!opened.has(connection)) {
        const reach = reachOf(outgoing, connection)
        opened.set(connection, connector.client.open(settings, auth, reach))
      }
      return opened.get(connection)
    },
    async drop(connection) {
      if (!opened.has(connection)) return
      const client = opened.get(connection)
      opened.delete(connection)
      await connection.connector.client?.close(client)
    },
    async close() {
      const all = [...opened]
      opened.clear()
      const results = await Promise.allSettled(
        all.map(async ([{ connector }, client]) => connector.client?.close(client)),
      )
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}
