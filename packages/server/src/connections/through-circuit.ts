import type { Breaker, Clock } from '@bookend/core'
import { ConnectorFault, circuitOpen, judgeFault } from '@bookend/core'

/**
 * Runs what asks the system behind the circuit, and tells the circuit how it went.
 *
 * @throws {ConnectorFault} Also when the circuit is open, then at once: nothing was run.
 */
export function throughCircuit<T>(
  clock: Clock,
  circuit: Breaker,
  run: () => Promise<T>,
): Promise<T> {
  const admission = circuit.admit()
  if (admission.kind === 'refused') throw circuitOpen(admission.reopensInMs)
  const startedAtMs = clock.monotonicMs()
  const fail = (error: unknown): never => {
    const ranMs = clock.monotonicMs() - startedAtMs
    admission.end(error instanceof ConnectorFault ? judgeFault(error.verdict, ranMs) : 'unknown')
    throw error
  }
  try {
    return run().then((output) => {
      admission.end('answered')
      return output
    }, fail)
  } catch (error) {
    return fail(error)
  }
}
