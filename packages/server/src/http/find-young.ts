// A call that was answered a moment ago may still be on its way to the database
// (docs/decisions/0001): a route that does not find it looks again before it says 404.

import type { Clock } from '@bookend/core'
import { idCreatedAt } from '@bookend/core'
import type { Recorder } from '../precall/recorder.ts'

const YOUNG_MS = 30_000
const PATIENCE_MS = 2_000
const LOOK_MS = 50

export interface YoungParts {
  readonly clock: Clock
  readonly recorder: Pick<Recorder, 'recorded'>
}

/** What `find` finds, or null when it is not there and is not on its way either. */
export async function findYoung<T>(
  { clock, recorder }: YoungParts,
  callId: string,
  find: () => Promise<T | null>,
): Promise<T | null> {
  const found = await find()
  if (found !== null) return found
  const createdAt = idCreatedAt(callId)
  const ageMs = createdAt === null ? Infinity : clock.now().getTime() - createdAt.getTime()
  // Clocks of two machines differ a little, so a call may seem to come from the near future.
  if (Math.abs(ageMs) > YOUNG_MS) return null
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => void clock.setTimer(delayMs, resolve))
  await Promise.race([recorder.recorded(callId), pause(PATIENCE_MS)])
  const endsAtMs = clock.monotonicMs() + PATIENCE_MS
  for (;;) {
    const again = await find()
    if (again !== null || clock.monotonicMs() >= endsAtMs) return again
    await pause(LOOK_MS)
  }
}
