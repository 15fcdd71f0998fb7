// What is kept of a call that came in, or of a workflow that was asked by others, whole: written to
// the spool before its answer leaves, and to the database after it (docs/decisions/0001).

import type {
  CacheState,
  JsonObject,
  Missing,
  Outcome,
  PreCallFailure,
  PreCallRequest,
  PreCallStatus,
} from '@bookend/contract'
import type { PlatformRun } from '../platforms/platform-run.ts'
import type { CallRow } from '../store/postgres/call-row.ts'

export interface PreCallRunRow {
  readonly workspace_id: string
  readonly id: string
  readonly kind: 'pre-call'
  readonly workflow: string
  readonly version: string | null
  readonly status: PreCallStatus
  readonly call_id: string | null
  readonly agent_id: string | null
  /** What was asked, of a run without a call; its call tells it else. */
  readonly input: PreCallRequest | null
  /** The run whose answer was given again. */
  readonly repeat_of: string | null
  /** Of what a voice platform asked; null: none did. */
  readonly platform: PlatformRun | null
  readonly started_at: string
  readonly finished_at: string
  readonly duration_ms: number
  readonly deadline_ms: number
  readonly budget_ms: number
  readonly outcome: Outcome
  readonly parameters: JsonObject
  readonly missing: readonly Missing[]
  readonly failure: PreCallFailure | null
  readonly error: string | null
}

export interface RunStepRow {
  readonly workspace_id: string
  readonly run_id: string
  readonly name: string
  readonly position: number
  readonly kind: 'step'
  readonly status: string
  readonly start_ms: number
  readonly duration_ms: number
  readonly limit_ms: number | null
  readonly default_used: boolean
  readonly after_answer: boolean
  readonly connection: string | null
  readonly action: string | null
  readonly input: unknown
  readonly output: unknown
  readonly error: string | null
  readonly attempts: readonly []
  readonly phases: unknown
  readonly cache: CacheState | null
}

export interface CallRecord {
  readonly call: CallRow
  readonly run: PreCallRunRow | null
  readonly steps: readonly RunStepRow[]
  /** Of `call.started`; null for a call that did not start. */
  readonly startedEventId: string | null
}

/** A run that no call of ours belongs to. */
export interface RunRecord {
  readonly call: null
  readonly run: PreCallRunRow
  readonly steps: readonly RunStepRow[]
  readonly startedEventId: null
}

export type KeptRecord = CallRecord | RunRecord

/** Names a record among those that are kept: its call, or its run. */
export const idOfRecord = ({ call, run }: KeptRecord): string => call?.id ?? run?.id ?? ''
