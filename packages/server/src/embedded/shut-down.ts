// Ends a PostgreSQL server, politely first.
//
//   SIGINT: clients are cut off, everything is written, 5 s
//   SIGQUIT: ends at once, the next start recovers from the log, 10 s
//   SIGKILL: for a server that is stopped or stuck
//
// Nothing acknowledged is lost by any of them.

import { setTimeout as delay } from 'node:timers/promises'

const STEPS = [
  { signal: 'SIGINT', patienceMs: 5_000 },
  { signal: 'SIGQUIT', patienceMs: 10_000 },
  { signal: 'SIGKILL', patienceMs: 10_000 },
] as const

export interface Stoppable {
  send(signal: NodeJS.Signals): void
  goneWithin(patienceMs: number): Promise<boolean>
}

/** Resolves when the server is gone; false when it survived everything. */
export async function shutDown(server: Stoppable): Promise<boolean> {
  for (const { signal, patienceMs } of STEPS) {
    server.send(signal)
    if (await server.goneWithin(patienceMs)) return true
  }
  return false
}

/** Whether `gone` settles in time; leaves no timer behind. */
export async function settlesWithin(gone: Promise<unknown>, patienceMs: number): Promise<boolean> {
  const timer = new AbortController()
  const late = delay(patienceMs, false, { signal: timer.signal }).catch(() => false)
  const inTime = await Promise.race([gone.then(() => true), late])
  timer.abort()
  return inTime
}
