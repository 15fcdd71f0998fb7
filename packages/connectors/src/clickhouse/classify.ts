// What ClickHouse's exceptions mean, by their numbers.
//
// E1. An insert that ran out of time may have been made: `unknown`.
// E2. The detail is a number. Messages quote values and are never repeated.

import type { Effect, FaultVerdict } from '@bookend/core'
import { maybeDone } from '@bookend/core'

/** Out of time, or lost between the server and its own: a write may have been made. */
const UNCLEAR = new Set([159, 209, 210, 319, 394])
/** Too many queries, memory, too many parts, read-only replica, too many simultaneous, alter. */
const LATER = new Set([202, 236, 241, 242, 252, 285, 425, 473, 517, 999])
const CREDENTIAL = new Set([192, 193, 194, 195, 497, 516])

export function classifyException(code: number, effect: Effect): FaultVerdict {
  const detail = `clickhouse_${code}`
  if (UNCLEAR.has(code)) return maybeDone(effect, detail)
  if (LATER.has(code)) return { kind: 'retry', detail }
  if (CREDENTIAL.has(code)) return { kind: 'auth', detail }
  return { kind: 'refused', detail }
}
