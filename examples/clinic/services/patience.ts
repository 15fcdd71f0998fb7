import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 250
const PATIENCE_MS = 30_000

interface Waiting {
  readonly signal: AbortSignal
  readonly isWorthRetrying: (error: unknown) => boolean
}

/** Tries again until it works, for half a minute; for neighbours that are still starting. */
export async function withPatience<T>(
  run: () => Promise<T>,
  { signal, isWorthRetrying }: Waiting,
): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await run()
    } catch (error) {
      if (waitedMs >= PATIENCE_MS || !isWorthRetrying(error)) throw error
    }
    await delay(PAUSE_MS, undefined, { signal })
  }
}
