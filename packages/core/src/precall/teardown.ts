// Tells abandoned work to stop, in slices, so that it never holds up an answer (P5).
//
// When many calls meet their deadline at once, aborting everything they wait for takes longer than
// the whole reserve (threats fact 8). Answers leave first; the aborts follow, a few in each turn.

import type { Clock } from '../kernel/clock.ts'

interface Abortable {
  abort(): void
}

const SLICE = 50
/** The first slice waits this long: the answers that fall due in the same moment go first. */
const HEAD_START_MS = 20

const queues = new WeakMap<Clock, Abortable[]>()

export function abortLater(clock: Clock, abandoned: Abortable): void {
  const waiting = queues.get(clock)
  if (waiting !== undefined) {
    waiting.push(abandoned)
    return
  }
  const queue = [abandoned]
  queues.set(clock, queue)
  clock.setTimer(HEAD_START_MS, () => drain(clock, queue))
}

function drain(clock: Clock, queue: Abortable[]): void {
  for (const abandoned of queue.splice(0, SLICE)) abandoned.abort()
  if (queue.length === 0) queues.delete(clock)
  else clock.setTimer(1, () => drain(clock, queue))
}
