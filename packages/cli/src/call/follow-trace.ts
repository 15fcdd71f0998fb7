// Watches a call's trace: first for the pre-call run, which is recorded after the answer has left,
// then for the work that follows the call.
//
//   look ─▶ news since the last look ─▶ told ─▶ settled? ─▶ last look
//
// F1. Following ends when every journey has ended and nothing new came for a while, or when time is
//     up; the caller learns which.
// F2. A delivery that waits for a later attempt is told, and not waited for.

import { setTimeout as pause } from 'node:timers/promises'
import type { Trace } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import { findNews, isEnded, type News } from './trace-news.ts'

const LOOK_EVERY_MS = 150
/** The first journey of a call may take this long to begin; later ones follow sooner. */
const QUIET_BEFORE_FIRST_MS = 4_000
const QUIET_MS = 1_000

export interface FollowOptions {
  readonly client: Client
  readonly callId: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly now?: () => number
}

export interface Followed {
  readonly trace: Trace
  readonly settled: boolean
}

/** The first look in which the pre-call run is recorded; null when it is not within the time. */
export async function awaitPreCall(options: FollowOptions): Promise<Trace | null> {
  const { client, callId, timeoutMs, signal, now = () => performance.now() } = options
  const until = now() + timeoutMs
  while (!signal.aborted) {
    const trace = await client.call('getCallTrace', { params: { id: callId } })
    if (trace.pre_call !== null) return trace
    if (now() >= until || !(await rest(signal))) break
  }
  return null
}

export async function followTrace(
  options: FollowOptions,
  tell: (news: News) => void,
): Promise<Followed> {
  const { client, callId, timeoutMs, signal, now = () => performance.now() } = options
  const startedAt = now()
  let before: Trace | null = null
  let changedAt = startedAt
  for (;;) {
    const trace: Trace = await client.call('getCallTrace', { params: { id: callId } })
    const news = findNews(before, trace)
    for (const piece of news) tell(piece)
    if (news.length > 0) changedAt = now()
    before = trace
    const quietMs = trace.journeys.length === 0 ? QUIET_BEFORE_FIRST_MS : QUIET_MS
    const settled = isAtRest(trace)
    if (settled && now() - changedAt >= quietMs) return { trace, settled }
    if (now() - startedAt >= timeoutMs || !(await rest(signal))) return { trace, settled }
  }
}

export function isAtRest({ journeys, deliveries }: Trace): boolean {
  const untried = deliveries.some(({ status, attempts }) => status === 'pending' && attempts === 0)
  return journeys.every(isEnded) && !untried
}

/** False when the wait was called off. */
async function rest(signal: AbortSignal): Promise<boolean> {
  return pause(LOOK_EVERY_MS, true, { signal }).catch(() => false)
}
