// Runs of workflows, their steps, and the one timeline of a call.

import { z } from 'zod'
import { Missing, Outcome, preCallFailures } from './pre-call.ts'
import { instant, listQuery, nextCursor, text, uuid, WORKFLOW_NAME } from './primitives.ts'
import { Receipt } from './receipts.ts'
import { Delivery } from './webhooks.ts'

export const workflowKinds = ['pre-call', 'journey'] as const
export const runStatuses = [
  'answered',
  'partial',
  'fallback',
  'skipped',
  'queued',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
  'suppressed',
] as const
export const stepStatuses = [
  'ok',
  'cached',
  'cut',
  'failed',
  'skipped',
  'running',
  'not_started',
  'waiting',
] as const

/** Where the answers of a step with a cache came from; of several, the one furthest from at hand. */
export const cacheStates = ['fresh', 'stale', 'shared', 'miss'] as const

const anyJson = z.custom<unknown>().meta({})

export const StepAttempt = z.object({
  attempt: z.number().int(),
  started_at: instant(),
  duration_ms: z.number(),
  error: z.string().nullable(),
})

/** One named piece of a run. `start_ms` and `duration_ms` count from the start of the run. */
export const RunStep = z
  .object({
    name: z.string(),
    kind: z.enum(['step', 'sleep', 'wait', 'human']),
    status: z.enum(stepStatuses),
    start_ms: z.number(),
    duration_ms: z.number().nullable(),
    limit_ms: z.number().nullable(),
    default_used: z.boolean(),
    after_answer: z.boolean(),
    connection: z.string().nullable(),
    action: z.string().nullable(),
    input: anyJson.nullable(),
    output: anyJson.nullable(),
    error: z.string().nullable(),
    attempts: z.array(StepAttempt),
    phases: anyJson.nullable(),
    /** Null: the step asked nothing of a cache. */
    cache: z.enum(cacheStates).nullable(),
    /** The paused connection that it waits for. */
    paused_on: z.string().nullable().optional(),
    /** What was told of its effects later, oldest first; left out: nothing. */
    receipts: z.array(Receipt).optional(),
  })
  .meta({ id: 'RunStep' })

export const RunPlatform = z.object({
  /** Such as retell/main. */
  connection: z.string(),
  /** What the platform cannot express of the outcome, and what it was told instead. */
  degraded: z.object({ wanted: z.string(), sent: z.string(), reason: z.string() }).nullable(),
  /** Names that the platform does not take. */
  dropped_parameters: z.array(z.string()),
  warnings: z.array(z.string()),
  /** How its call was found: by the run's id, another id, or by numbers and time; null: not yet. */
  linked_by: z.enum(['echo', 'id', 'numbers']).nullable(),
})

export const Run = z
  .object({
    id: uuid(),
    kind: z.enum(workflowKinds),
    workflow: z.string(),
    version: z.string().nullable(),
    status: z.enum(runStatuses),
    call_id: uuid().nullable(),
    agent_id: uuid().nullable(),
    event_id: z.string().nullable(),
    event_type: z.string().nullable(),
    key: z.string().nullable(),
    started_at: instant(),
    finished_at: instant().nullable(),
    duration_ms: z.number().nullable(),
    /** How long the door waits, and when Bookend answers at the latest; null for journeys. */
    deadline_ms: z.number().nullable(),
    budget_ms: z.number().nullable(),
    outcome: Outcome.nullable(),
    parameters: anyJson.nullable(),
    /** What was asked, of a pre-call run that belongs to no call. */
    input: anyJson.nullable().optional(),
    /** What became of it on the voice platform that asked. */
    platform: RunPlatform.nullable().optional(),
    /** The run whose answer was given again, from memory. */
    repeat_of: uuid().nullable().optional(),
    /** The run this one was made from, by a replay. */
    replay_of: uuid().nullable().optional(),
    /** Its journey is paused, and it waits for that. */
    is_paused: z.boolean().optional(),
    missing: z.array(Missing),
    failure: z.enum(preCallFailures).nullable(),
    error: z.string().nullable(),
    /** Handles of what is masked; left out: nothing is. */
    masked: z.array(z.string()).optional(),
    steps: z.array(RunStep),
  })
  .meta({ id: 'Run' })
export const RunListItem = Run.omit({ steps: true, parameters: true, input: true }).meta({
  id: 'RunListItem',
})

export const RunListQuery = z.strictObject({
  ...listQuery,
  workflow: text(64).regex(WORKFLOW_NAME).optional(),
  kind: z.enum(workflowKinds).optional(),
  status: z.enum(runStatuses).optional(),
  call_id: uuid().optional(),
})
export const RunList = z.object({ runs: z.array(RunListItem), next_cursor: nextCursor })

export const RunReplay = z.strictObject({
  /** Steps that began before it keep what they yielded; left out: every step is run. */
  from_step: text(64).min(1).optional(),
  /** Of the journey; the active one when left out. */
  version: text(100).min(1).optional(),
})
export const StepParams = z.strictObject({ id: uuid(), name: text(64).min(1) })
export const StepResolution = z.strictObject({ it: z.enum(['was_done', 'send_again']) })

export const TraceEvent = z.object({
  event_id: z.string(),
  event_type: z.string(),
  created_at: instant(),
})

/** Everything that happened around one call, each part in the order of time. */
export const Trace = z
  .object({
    call_id: uuid(),
    pre_call: Run.nullable(),
    events: z.array(TraceEvent),
    journeys: z.array(Run),
    deliveries: z.array(Delivery),
  })
  .meta({ id: 'Trace' })

export type WorkflowKind = (typeof workflowKinds)[number]
export type RunStatus = (typeof runStatuses)[number]
export type StepStatus = (typeof stepStatuses)[number]
export type CacheState = (typeof cacheStates)[number]
export type RunPlatform = z.infer<typeof RunPlatform>
export type StepAttempt = z.infer<typeof StepAttempt>
export type RunStep = z.infer<typeof RunStep>
export type Run = z.infer<typeof Run>
export type RunListItem = z.infer<typeof RunListItem>
export type RunReplay = z.infer<typeof RunReplay>
export type StepResolution = z.infer<typeof StepResolution>
export type Trace = z.infer<typeof Trace>
