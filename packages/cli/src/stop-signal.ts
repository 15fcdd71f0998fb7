// SIGINT and SIGTERM as an AbortSignal.
//
// Z1. The first asks for an orderly end; a second ends the process at once.
// Z2. A signal within moments of the first is the same one: a terminal sends Ctrl-C to the whole
//     group, and npm sends it on to its child a second time.

import { constants } from 'node:os'

export interface StopSignal extends Disposable {
  readonly signal: AbortSignal
  /** Resolves when the first signal comes. */
  readonly requested: Promise<void>
}

const ECHO_MS = 300
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export function listenForStop(
  endNow: (code: number) => void = (code) => process.exit(code),
  now: () => number = () => performance.now(),
  source: NodeJS.EventEmitter = process,
): StopSignal {
  const controller = new AbortController()
  const { signal } = controller
  let firstAtMs: number | null = null
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      if (firstAtMs === null) {
        firstAtMs = now()
        controller.abort(new Error(name))
      } else if (now() - firstAtMs > ECHO_MS) {
        endNow(128 + constants.signals[name])
      }
    }
    source.on(name, listener)
    return { name, listener }
  })
  const requested = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return {
    signal,
    requested,
    [Symbol.dispose]() {
      for (const { name, listener } of listeners) source.off(name, listener)
    },
  }
}
