// The same done to many runs, found by a filter.

import { z } from 'zod'
import { instant, text, uuid, WORKFLOW_NAME } from './primitives.ts'
import { runStatuses } from './runs.ts'

export const bulkActions = ['retry', 'cancel'] as const
/** Why a run that the filter found was left as it is. */
export const bulkSkips = ['not_failed', 'maybe_done', 'over'] as const

const BulkFilter = z
  .strictObject({
    workflow: text(64).regex(WORKFLOW_NAME).optional(),
    /** Left out: failed ones for a retry, those under way for a cancel. */
    status: z.enum(runStatuses).optional(),
    /** When the run started. */
    since: instant().optional(),
    until: instant().optional(),
    /** The step that failed the run. */
    failed_step: text(64).min(1).optional(),
    call_id: uuid().optional(),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    error: 'must name something, such as a workflow or a time: not all runs there are',
  })

export const RunBulk = z.strictObject({
  action: z.enum(bulkActions),
  filter: BulkFilter,
  /** Oldest first, so many; ask again for the rest. */
  limit: z.number().int().min(1).max(10_000).default(1_000),
  /** Counts, and does nothing. */
  dry_run: z.boolean().default(false),
})

export const RunBulkResult = z
  .object({
    matched: z.number().int(),
    /** Of a dry run: those it would be done to. */
    done: z.number().int(),
    skipped: z.array(z.object({ reason: z.enum(bulkSkips), count: z.number().int() })),
    /** Whether more match than the limit let through. */
    has_more: z.boolean(),
  })
  .meta({ id: 'RunBulkResult' })

export type RunBulk = z.infer<typeof RunBulk>
export type RunBulkResult = z.infer<typeof RunBulkResult>
export type BulkSkip = (typeof bulkSkips)[number]
