import type { Breaker, Clock } from '@bookend/core'
import { ConnectorFault, circuitOpen, judgeFault } from '@bookend/core'

/**
 * Runs what asks the system behind the circuit, and tells the circuit how it went.
 *
 * @throws {ConnectorFault} Also when the circuit is open: then nothing was run.
 */
export async function throughCircuit<T>(
  clock: Clock,
  circuit: Breaker,
  run: () => Promise<T>,
): Promise<T> {
  const admission = circuit.admit()
  if (admission.kind === 'refused') throw circuitOpen(admission.reopensInMs)
  const startedAtMs = clock.monotonicMs()
  try {
    const output = await run()
    admission.end('answered')
    return output
  } catch (error) {
    const ranMs = clock.monotonicMs() - startedAtMs
    admission.end(error instanceof ConnectorFault ? judgeFault(error.verdict, ranMs) : 'unknown')
    throw error
  }
}
