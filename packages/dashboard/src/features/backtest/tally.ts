// What a backtest comes to, over the calls that it has so far.

import type { BacktestedCall } from '@bookend/contract'

export interface Tally {
  calls: number
  differ: number
  late: number
  failed: number
  uncertain: number
  /** Of the time to the answer, then and now; null without calls. */
  medianMs: { was: number; now: number } | null
}

const isLate = ({ now, budget_ms }: BacktestedCall): boolean => now.duration_ms > budget_ms
const isFailed = ({ now }: BacktestedCall): boolean => now.status === 'fallback'

export function tally(calls: readonly BacktestedCall[]): Tally {
  const count = (test: (call: BacktestedCall) => boolean): number => calls.filter(test).length
  return {
    calls: calls.length,
    differ: count(({ differs }) => differs.length > 0),
    late: count(isLate),
    failed: count(isFailed),
    uncertain: count(({ gaps }) => gaps.length > 0),
    medianMs:
      calls.length === 0
        ? null
        : {
            was: median(calls.map(({ was }) => was.duration_ms)),
            now: median(calls.map(({ now }) => now.duration_ms)),
          },
  }
}

/** Worth a look: it differs, is late or has failed. */
export const isNotable = (call: BacktestedCall): boolean =>
  call.differs.length > 0 || isLate(call) || isFailed(call)

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}
