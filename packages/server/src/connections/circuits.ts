// The circuits of this process, each in front of one system as one credential sees it (fault F18).

import type { BreakerState, Clock, ConnectorLog } from '@bookend/core'
import { Breaker } from '@bookend/core'

/** Names of endpoints come from users; a circuit at rest beyond this many is forgotten. */
const CIRCUITS_MAX = 1_000

export interface CircuitsOptions {
  readonly clock: Clock
  readonly log: ConnectorLog
  readonly kind: 'connection' | 'endpoint'
}

export class Circuits {
  readonly #options: CircuitsOptions
  readonly #breakers = new Map<string, Breaker>()
  #opened = 0

  constructor(options: CircuitsOptions) {
    this.#options = options
  }

  /** How often one of them opened. */
  get opened(): number {
    return this.#opened
  }

  /**
   * @param key Tells systems apart.
   * @param name What the log calls this one.
   */
  get(key: string, name = key): Breaker {
    const known = this.#breakers.get(key)
    if (known !== undefined) return known
    const { clock, log, kind } = this.#options
    const breaker = new Breaker(clock, ({ state, openMs }) => {
      const fields = { [kind]: name, ...(state === 'open' ? { openMs } : {}) }
      if (state === 'open') {
        this.#opened += 1
        log.warn(fields, 'a circuit opened: the system keeps failing and is left alone')
      } else {
        log.info(
          fields,
          state === 'closed' ? 'a circuit closed' : 'a circuit lets one probe through',
        )
      }
    })
    if (this.#breakers.size >= CIRCUITS_MAX) this.#forgetOne()
    this.#breakers.set(key, breaker)
    return breaker
  }

  /** How many there are in a state. */
  count(state: BreakerState): number {
    return [...this.#breakers.values()].filter((breaker) => breaker.state === state).length
  }

  #forgetOne(): void {
    const all = [...this.#breakers]
    const [key] = all.find(([, breaker]) => breaker.isIdle) ?? all[0] ?? []
    if (key !== undefined) this.#breakers.delete(key)
  }
}
