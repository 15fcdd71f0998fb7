import type { Place } from './place.ts'

/**
 * Reads until the fact holds, and reads again whenever the server's stream says that something has
 * changed. Resolves with what was read.
 *
 * @throws {Error} It does not hold in time, or the server went away; names what was read last.
 */
export async function until<T>(
  place: Place,
  what: string,
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), withinMs)
  let last: T | undefined
  try {
    const stream = await fetch(`${place.url}/api/v1/stream?topics=calls,runs,deliveries`, {
      headers: { authorization: `Bearer ${await place.key()}` },
      signal: stop.signal,
    })
    // The stream's first words come before any change, so the first look misses none.
    for await (const _ of stream.body ?? []) {
      last = await read()
      if (holds(last)) return last
    }
    throw new Error('the stream ended')
  } catch (cause) {
    throw new Error(`Not so: ${what}; read last: ${JSON.stringify(last, null, 2)}`, { cause })
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}
