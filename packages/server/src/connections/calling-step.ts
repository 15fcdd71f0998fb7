import type { ActiveStep, StepWrite } from '@bookend/core'
import type { CapturedWrite } from './capture-write.ts'

/** A write that a step is about to send; its connection as `<connector>/<connection>`. */
export type PendingWrite = StepWrite & { readonly key: string }

export interface CallingStep extends ActiveStep {
  /** Whose it is; of a step before a call, its scope says so. */
  readonly workspaceId?: string
  /** Names the step's effect; its second write gets `#2` behind it, and so on. */
  readonly key?: string
  readonly subjectKey?: string
  /** Awaited before each write is sent; nothing is sent when it rejects. */
  beforeWrite?(write: PendingWrite): Promise<void>
  /** Takes each write in place of its being sent: the step is of a dry run. */
  readonly capture?: (write: CapturedWrite) => void
}

/** Whose workflow a step belongs to: nothing of one is ever served to another (threat B9). */
export interface CacheScope {
  readonly workspaceId: string
  readonly workflow: string
  readonly version: string
  /** Only what goes to the cache is looked up; what a step asks without one is refused. */
  readonly isPrefetch?: boolean
}

/** One turn of a step's function: a retry is another turn, whose writes are counted anew. */
export interface StepTurn {
  readonly step: CallingStep
  /** Null: nothing is cached. */
  readonly scope: CacheScope | null
  writes: number
}
