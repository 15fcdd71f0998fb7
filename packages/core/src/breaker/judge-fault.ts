import type { FaultVerdict } from '../ports/verdict.ts'
import type { Ending } from './breaker.ts'

/** Given up on sooner than this, a system that did not answer is not known to be slow. */
const PATIENCE_MIN_MS = 100

/** How connectors say that the time was up: the step's, which may have been short, or their own. */
const LATE: ReadonlySet<string> = new Set(['timeout', 'deadline', 'no_session_in_time'])

/** Our own limits and faults: they are no news of the system. */
const OURS: ReadonlySet<string> = new Set([
  'circuit_open',
  'connector_threw',
  'invalid_output',
  'not_started',
  'proxy_error',
  'shutting_down',
  'throttled',
])

/** A system that names a time and is not well; any other limit is its rule, kept by the rate limits. */
const OVERLOADED = 'http_503'

/** What a fault says of the system: one that refuses, or has no such record, has answered. */
export function judgeFault({ kind, detail }: FaultVerdict, ranMs: number): Ending {
  switch (kind) {
    case 'retry':
    case 'unknown':
      if (OURS.has(detail)) return 'unknown'
      return LATE.has(detail) && ranMs < PATIENCE_MIN_MS ? 'unknown' : 'failed'
    case 'limited':
      return detail === OVERLOADED ? 'failed' : 'answered'
    case 'auth':
    case 'missing':
    case 'conflict':
    case 'refused':
      return 'answered'
  }
}
