// A journey on a finished call or an event, with its writes shown in place of being sent.

import { z } from 'zod'
import { json, jsonObject, text, uuid } from './primitives.ts'
import { stepStatuses } from './runs.ts'
import { WORKFLOW_SOURCE_MAX } from './workflows.ts'

export const DryRunCreate = z.strictObject({
  /** A finished call: the journey begins with the newest event of its type that the call has. */
  call_id: uuid().optional(),
  /** In place of a call's own: what an event of the journey's type would say. */
  event: z.strictObject({ payload: jsonObject(65_536).default({}) }).optional(),
  /** A text in YAML to try instead of what is active: nothing of it is stored. */
  source: text(WORKFLOW_SOURCE_MAX).optional(),
  /** What people would answer, by the name of the handoff. */
  answers: z.record(text(64), jsonObject(16_384)).default({}),
  /** Goes on as if nothing that is waited for came; else it ends at the first wait. */
  expire_waits: z.boolean().default(false),
})

export const dryRunStatuses = ['not_started', 'completed', 'waiting', 'failed', 'cut'] as const

const anyJson = z.custom<unknown>().meta({})

export const CapturedWrite = z
  .object({
    step: z.string(),
    /** `<connector>/<connection>` */
    connection: z.string(),
    action: z.string(),
    input: anyJson,
    /** What would have been sent, without its credential; null: that is not known. */
    request: anyJson.nullable(),
  })
  .meta({ id: 'CapturedWrite' })

export const DryRun = z
  .object({
    simulated: z.literal(true),
    workflow: z.string(),
    version: z.string(),
    /** `not_started`: its `if` said no. `cut`: it took longer than a dry run may. */
    status: z.enum(dryRunStatuses),
    error: z.string().nullable(),
    event: z.object({ type: z.string(), payload: jsonObject(65_536) }),
    call_id: uuid().nullable(),
    /** In the order in which they would have been sent. */
    writes: z.array(CapturedWrite),
    emitted: z.array(z.object({ type: z.string(), payload: jsonObject(65_536) })),
    tags: z.array(z.string()),
    /** Calls that would have been scheduled. */
    calls: z.array(anyJson),
    /** What it waits for. */
    waits: z.array(z.object({ step: z.string(), kind: z.string(), about: z.string() })),
    steps: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['step', 'sleep', 'wait', 'human']),
        status: z.enum(stepStatuses),
        output: json(1_048_576).nullable(),
        error: z.string().nullable(),
      }),
    ),
    duration_ms: z.number(),
  })
  .meta({ id: 'DryRun' })

export type DryRunCreate = z.infer<typeof DryRunCreate>
export type DryRun = z.infer<typeof DryRun>
