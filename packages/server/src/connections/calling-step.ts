import type { ActiveStep, IdempotencyClass } from '@bookend/core'

/** A write that a step is about to send. */
export interface PendingWrite {
  /** `<connector>/<connection>` */
  readonly connection: string
  readonly action: string
  readonly class: IdempotencyClass
  readonly key: string
}

export interface CallingStep extends ActiveStep {
  /** Names the step's effect; its second write gets `#2` behind it, and so on. */
  readonly key?: string
  readonly subjectKey?: string
  /** Awaited before each write is sent; nothing is sent when it rejects. */
  beforeWrite?(write: PendingWrite): Promise<void>
}

/** One turn of a step's function: a retry is another turn, whose writes are counted anew. */
export interface StepTurn {
  readonly step: CallingStep
  writes: number
}
