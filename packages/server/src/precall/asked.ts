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
