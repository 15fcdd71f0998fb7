import type { CachePolicy } from '../cache/policy.ts'
import type { Clock } from '../kernel/clock.ts'
import type { StepScope } from './definition.ts'
import type { ActiveStep, StepUse } from './steps.ts'
import type { Stop } from './stop.ts'

/** A running step as its function sees it. */
export class OwnScope implements StepScope {
  readonly remainingMs: number
  readonly #stop: Stop

  constructor(remainingMs: number, stop: Stop) {
    this.remainingMs = remainingMs
    this.#stop = stop
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }
}

/** What is noted of a step while it runs. */
interface Noted {
  readonly name: string
  readonly status: string
  readonly uses: StepUse[]
}

/** A running step as its connections see it. */
export class RunningStep implements ActiveStep {
  readonly name: string
  declare readonly cache?: CachePolicy
  readonly stop: Stop
  readonly #entry: Noted
  readonly #clock: Clock
  readonly #endsAtMs: number

  /** @param endsAtMs By the monotonic clock. */
  constructor(
    entry: Noted,
    clock: Clock,
    endsAtMs: number,
    stop: Stop,
    cache: CachePolicy | undefined,
  ) {
    this.name = entry.name
    if (cache !== undefined) this.cache = cache
    this.stop = stop
    this.#entry = entry
    this.#clock = clock
    this.#endsAtMs = endsAtMs
  }

  get signal(): AbortSignal {
    return this.stop.signal
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAtMs - this.#clock.monotonicMs())
  }

  /** What is asked of a step that is over is none of its uses. */
  note(use: StepUse): void {
    if (this.#entry.status === 'running') this.#entry.uses.push(use)
  }
}
