// Decisions that journeys hand to people (contract §7).

import { z } from 'zod'
import { instant, jsonObject, listQuery, nextCursor, text, uuid } from './primitives.ts'

export const handoffStatuses = ['open', 'answered', 'expired', 'cancelled'] as const

/** Who acts; the label of the key that asks when it is left out. */
const by = text(100).trim().min(1).optional()
const assignee = text(100).trim().min(1)

export const Handoff = z
  .object({
    id: uuid(),
    run_id: uuid(),
    step: z.string(),
    workflow: z.string(),
    call_id: uuid().nullable(),
    /** Who called, of a handoff about a call. */
    from_number: z.string().nullable(),
    title: z.string(),
    /** Whose it is; null: anybody's. */
    assign: z.string().nullable(),
    /** A JSON Schema of type object; the answer has to match it. */
    form: jsonObject(65_536),
    status: z.enum(handoffStatuses),
    claimed_by: z.string().nullable(),
    claimed_at: instant().nullable(),
    snoozed_until: instant().nullable(),
    answer: jsonObject(65_536).nullable(),
    answered_by: z.string().nullable(),
    answered_at: instant().nullable(),
    /** From then on nobody can answer, and the journey goes on without. */
    due_at: instant(),
    created_at: instant(),
  })
  .meta({ id: 'Handoff' })

export const HandoffListQuery = z.strictObject({
  ...listQuery,
  status: z.enum(handoffStatuses).default('open'),
  assign: text(100).optional(),
  run_id: uuid().optional(),
  /** Whether open ones that are put off are listed as well. */
  snoozed: z.enum(['true', 'false']).default('false'),
})
/** Open ones by when they are due, others newest first. */
export const HandoffList = z.object({ handoffs: z.array(Handoff), next_cursor: nextCursor })

export const HandoffClaim = z.strictObject({ by })
export const HandoffAnswer = z.strictObject({ answer: jsonObject(16_384), by })
export const HandoffReassign = z.strictObject({ assign: assignee.nullable() })
export const HandoffSnooze = z.strictObject({
  until: instant().nullable().describe('Null: no longer put off'),
})

/** Opens the form of one handoff to whoever has it, until it is due, answered or reassigned. */
export const HandoffLink = z.object({
  url: z.string(),
  assign: z.string().nullable(),
  expires_at: instant(),
})

export type Handoff = z.infer<typeof Handoff>
export type HandoffStatus = (typeof handoffStatuses)[number]
