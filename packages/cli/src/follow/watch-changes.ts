// Whether something changed on a server, as its stream says.
//
//   stream ─▶ a change, or a gap ─▶ whoever waits looks anew
//
// W1. A stream that breaks, or cannot be had, is opened again; until then who waits looks by the clock.
// W2. What changed between two waits is not missed: the next wait is over at once.

import { setTimeout as pause } from 'node:timers/promises'

export type Topic = 'calls' | 'runs' | 'deliveries'

export interface Watched {
  readonly url: string
  readonly key: string
  readonly topics: readonly Topic[]
  readonly signal: AbortSignal
}

export interface ChangeWatch {
  /** Resolves at the next change, and `withinMs` later at the latest. */
  next(withinMs: number): Promise<void>
}

const AGAIN_MS = 2_000

export function watchChanges(watched: Watched): ChangeWatch {
  const { signal } = watched
  let hasChanged = false
  let wake: (() => void) | null = null
  const tell = (): void => {
    hasChanged = true
    wake?.()
  }
  void keepReading(watched, tell)
  return {
    async next(withinMs) {
      if (!hasChanged && !signal.aborted) {
        const timer = new AbortController()
        const woken = new Promise<void>((resolve) => (wake = resolve))
        const late = pause(withinMs, undefined, { signal: AbortSignal.any([signal, timer.signal]) })
        await Promise.race([woken, late.catch(() => undefined)])
        timer.abort()
        wake = null
      }
      hasChanged = false
    },
  }
}

async function keepReading(watched: Watched, tell: () => void): Promise<void> {
  const { signal } = watched
  while (!signal.aborted) {
    try {
      await readStream(watched, tell)
    } catch {
      // It is away, or its database is: the look itself says what is wrong (W1).
    }
    await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function readStream({ url, key, topics, signal }: Watched, tell: () => void): Promise<void> {
  // The address is the one this person names for their own server.
  // oxlint-disable-next-line no-restricted-globals
  const answer = await fetch(`${url}/api/v1/stream?topics=${topics.join(',')}`, {
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
    signal,
  })
  if (!answer.ok || answer.body === null) return
  // What changed before it was open is found by a look (W2).
  tell()
  const decoder = new TextDecoder()
  let line = ''
  for await (const chunk of answer.body) {
    const lines = (line + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    line = lines.pop() ?? ''
    if (lines.some((one) => one.startsWith('event:'))) tell()
  }
}
