// Calls that are to be placed later.

import { z } from 'zod'
import { instant, jsonObject, listQuery, nextCursor, uuid } from './primitives.ts'

export const scheduledCallStatuses = [
  'scheduled',
  'dialling',
  'placed',
  'blocked',
  'failed',
  'cancelled',
] as const

export const ScheduledCall = z
  .object({
    id: uuid(),
    run_id: uuid().nullable(),
    step: z.string().nullable(),
    workflow: z.string().nullable(),
    /** The call it follows. */
    call_id: uuid().nullable(),
    to_number: z.string(),
    agent: z.string(),
    params: jsonObject(65_536),
    reason: z.string().nullable(),
    /** It is placed in the hours of this calendar alone. */
    calendar: z.string().nullable(),
    status: z.enum(scheduledCallStatuses),
    /** Why it is blocked or failed, or waits for longer than it was to. */
    code: z.string().nullable(),
    detail: z.string().nullable(),
    attempts: z.number().int(),
    due_at: instant(),
    next_attempt_at: instant().nullable(),
    /** As the platform that placed it names it. */
    placed_call_id: z.string().nullable(),
    finished_at: instant().nullable(),
    created_at: instant(),
  })
  .meta({ id: 'ScheduledCall' })

export const ScheduledCallListQuery = z.strictObject({
  ...listQuery,
  status: z.enum(scheduledCallStatuses).optional(),
  run_id: uuid().optional(),
})
export const ScheduledCallList = z.object({
  scheduled_calls: z.array(ScheduledCall),
  next_cursor: nextCursor,
})

export type ScheduledCall = z.infer<typeof ScheduledCall>
export type ScheduledCallStatus = (typeof scheduledCallStatuses)[number]
