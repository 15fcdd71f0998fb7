import { ConnectorFault } from '../ports/verdict.ts'

/** People hold what asks this connection; nothing was sent. */
export class ConnectionPausedError extends ConnectorFault {
  readonly connection: string

  constructor(connection: string) {
    super({ kind: 'retry', detail: 'connection_paused' })
    this.connection = connection
  }
}
