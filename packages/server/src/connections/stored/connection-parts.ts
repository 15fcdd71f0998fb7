import type { ConnectionHealth as Shown } from '@bookend/contract'
import type { ConnectionRuntime } from '../runtime.ts'
import type { ConnectionHealth } from './health.ts'
import type { StoredConnections } from './stored-connections.ts'

/** What the routes of connections work with. */
export interface ConnectionParts {
  readonly runtime: Pick<ConnectionRuntime, 'find'>
  readonly live: StoredConnections
  readonly health: Pick<ConnectionHealth, 'note' | 'flush'>
  /** Of this process. */
  readonly circuitOf: (name: string) => Shown['circuit']
  /** What the system told of its limits; empty while it told nothing. */
  readonly limitsOf: (name: string) => Shown['limits']
}
