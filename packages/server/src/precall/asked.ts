import type { JsonObject, Missing, PreCallFailure, PreCallStatus } from '@bookend/contract'
import type { Routing, StepRecord } from '@bookend/core'

/** What asking a workflow came to, wherever it lives. */
export interface Asked {
  readonly status: PreCallStatus
  readonly parameters: JsonObject
  readonly routing: Routing
  readonly missing: readonly Missing[]
  readonly failure: PreCallFailure | null
  readonly error: string | null
  readonly workflow: string
  readonly version: string | null
  readonly steps: readonly AskedStep[]
  /** What is left to do once the answer has left; never rejects. */
  readonly after?: (parameters: JsonObject, signal: AbortSignal) => Promise<AskedAfter>
}

export interface AskedAfter {
  readonly steps: readonly AskedStep[]
  readonly error: string | null
}

export type AskedStep = Omit<StepRecord, 'uses'> & {
  readonly connection: string | null
  readonly action: string | null
  readonly input: unknown
  readonly phases: unknown
}

export const nothing = {
  parameters: {},
  routing: {},
  missing: [],
  failure: null,
  error: null,
  version: null,
  steps: [],
} as const
