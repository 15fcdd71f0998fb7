import type { CachePolicy } from '../cache/policy.ts'
import type { Clock } from '../kernel/clock.ts'
import type { StepScope } from './definition.ts'
import type { ActiveStep, StepUse } from './steps.ts'

/** A signal that is made when somebody asks for it: most steps end in time and nobody looks at it. */
export class LateSignal {
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Absent: nobody has asked. */
  get controller(): AbortController | undefined {
    return this.#controller
  }
}

/** A running step as its function sees it. */
export class OwnScope implements StepScope {
  readonly remainingMs: number
  readonly #late: LateSignal

  constructor(remainingMs: number, late: LateSignal) {
    this.remainingMs = remainingMs
    this.#late = late
  }

  get signal(): AbortSignal {
    return this.#late.signal
  }
}

export interface RunningStepOptions {
  readonly name: string
  readonly clock: Clock
  /** By the monotonic clock. */
  readonly endsAtMs: number
  readonly late: LateSignal
  readonly cache: CachePolicy | undefined
  readonly note: (use: StepUse) => void
}

/** A running step as its connections see it. */
export class RunningStep implements ActiveStep {
  readonly name: string
  declare readonly cache?: CachePolicy
  readonly note: (use: StepUse) => void
  readonly #clock: Clock
  readonly #endsAtMs: number
  readonly #late: LateSignal

  constructor({ name, clock, endsAtMs, late, cache, note }: RunningStepOptions) {
    this.name = name
    if (cache !== undefined) this.cache = cache
    this.note = note
    this.#clock = clock
    this.#endsAtMs = endsAtMs
    this.#late = late
  }

  get signal(): AbortSignal {
    return this.#late.signal
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAtMs - this.#clock.monotonicMs())
  }
}
