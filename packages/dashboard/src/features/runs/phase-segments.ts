// How a step's bar splits into the phases of its request: fractions of the bar's own width.
//
// S1. Only one request's phases are drawn: of several, which ran when is not recorded.
// S2. Segments lie one after the other from the bar's start and never pass its end; what is left is
//     the step's own time.

import type { RunStep } from '@bookend/contract'

/** In the order in which a request goes through them. */
export const phaseNames = {
  queuedMs: 'queue',
  dnsMs: 'DNS',
  connectMs: 'TCP',
  tlsMs: 'TLS',
  sendMs: 'send',
  waitMs: 'wait',
  receiveMs: 'body',
} as const

export interface Segment {
  name: string
  start: number
  end: number
}

export function splitPhases({ phases, duration_ms: durationMs }: RunStep): Segment[] {
  const requests = (Array.isArray(phases) ? phases : [phases]).filter(
    (each): each is Record<string, unknown> => typeof each === 'object' && each !== null,
  )
  const [request] = requests
  if (request === undefined || requests.length > 1 || durationMs === null || durationMs <= 0) {
    return []
  }
  const segments: Segment[] = []
  let atMs = 0
  for (const [key, name] of Object.entries(phaseNames)) {
    const ms = request[key]
    if (typeof ms !== 'number' || ms <= 0) continue
    const start = Math.min(atMs / durationMs, 1)
    atMs += ms
    segments.push({ name, start, end: Math.min(atMs / durationMs, 1) })
  }
  return segments
}
