// What is kept of a call that came in, whole: written to the spool before its answer leaves, and to
// the database after it (docs/decisions/0001).

import type { JsonObject, Missing, Outcome, PreCallFailure, PreCallStatus } from '@bookend/contract'
import type { CallRow } from '../store/postgres/call-row.ts'

export interface PreCallRunRow {
  readonly workspace_id: string
  readonly id: string
  readonly kind: 'pre-call'
  readonly workflow: string
  readonly version: string | null
  readonly status: PreCallStatus
  readonly call_id: string
  readonly agent_id: string
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
}

export interface CallRecord {
  readonly call: CallRow
  readonly run: PreCallRunRow | null
  readonly steps: readonly RunStepRow[]
  /** Of `call.started`; null for a call that did not start. */
  readonly startedEventId: string | null
}
