import { ConnectorFault } from '../ports/verdict.ts'

const DETAIL = 'circuit_open'

/** Nothing was sent: the system behind the connection has kept failing, and is left alone. */
export const circuitOpen = (reopensInMs: number): ConnectorFault =>
  new ConnectorFault({ kind: 'retry', detail: DETAIL, afterMs: reopensInMs })

export const isCircuitOpen = (error: unknown): boolean =>
  error instanceof ConnectorFault && error.verdict.detail === DETAIL
