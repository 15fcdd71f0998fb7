// A workflow over calls that were answered before: what it would have answered, next to what was.

import { z } from 'zod'
import { Missing, Outcome, preCallStatuses } from './pre-call.ts'
import { instant, jsonObject, listQuery, nextCursor, text, uuid } from './primitives.ts'
import { RunStep } from './runs.ts'
import { WORKFLOW_SOURCE_MAX, WORKFLOW_VERSION } from './workflows.ts'

export const BacktestCreate = z.strictObject({
  /** A text in YAML to try instead of what is active: nothing of it is stored. */
  source: text(WORKFLOW_SOURCE_MAX).optional(),
  /** A version in YAML that was published before, instead of what is active. */
  version: text(16).regex(WORKFLOW_VERSION).optional(),
  /** This run alone, with the steps as they would be now. */
  run_id: uuid().optional(),
  /** How many calls, the newest first. */
  last: z.number().int().min(1).max(200).default(200),
  /** Goes on behind the calls of the answer before. */
  cursor: listQuery.cursor,
  /** Ask connections anew instead of taking what steps were answered then; for 25 calls at most. */
  live: z.boolean().default(false),
})

export const backtestDifferences = ['status', 'parameters', 'outcome', 'missing', 'late'] as const

export const BacktestAnswer = z.object({
  status: z.enum(preCallStatuses),
  /** Those that the workflow declares. */
  parameters: jsonObject(65_536),
  outcome: Outcome,
  missing: z.array(Missing),
  duration_ms: z.number(),
  error: z.string().nullable(),
})

export const BacktestedCall = z
  .object({
    run_id: uuid(),
    call_id: uuid().nullable(),
    from_number: z.string(),
    started_at: instant(),
    /** Which version answered then. */
    version: z.string().nullable(),
    budget_ms: z.number(),
    was: BacktestAnswer,
    now: BacktestAnswer,
    /** Empty: it would have been answered alike. */
    differs: z.array(z.enum(backtestDifferences)),
    /** Names of parameters that differ. */
    changed: z.array(z.string()),
    /** Steps whose answers of then cannot be used, so that what is said of now is not certain. */
    gaps: z.array(z.object({ step: z.string(), reason: z.string() })),
    /** As they would be now, where one run was asked for. */
    steps: z.array(RunStep).optional(),
  })
  .meta({ id: 'BacktestedCall' })

export const Backtest = z
  .object({
    workflow: z.string(),
    version: z.string(),
    live: z.boolean(),
    calls: z.array(BacktestedCall),
    next_cursor: nextCursor,
  })
  .meta({ id: 'Backtest' })

export type BacktestCreate = z.infer<typeof BacktestCreate>
export type BacktestAnswer = z.infer<typeof BacktestAnswer>
export type BacktestedCall = z.infer<typeof BacktestedCall>
export type Backtest = z.infer<typeof Backtest>
