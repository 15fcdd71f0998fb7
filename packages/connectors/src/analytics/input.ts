import { z } from 'zod'
import { fixedColumns } from './columns.ts'

const word = z.string().max(2_048).nullish()
const instant = z.iso.datetime({ offset: true }).nullish()

/** What is taken of a call's record: a journey hands over its whole `call`. */
export const AnalyticsCall = z.object({
  uuid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'The call’s uuid'),
  status: word,
  direction: word,
  platform: word,
  agent_id: word,
  agent_name: word,
  agent_version: z.number().int().nullish(),
  from_number: word,
  to_number: word,
  from_number_e164: word,
  to_number_e164: word,
  language: word,
  created_at: instant,
  started_at: instant,
  ended_at: instant,
  duration: z.number().int().nullish(),
  answered_by: word,
  ended_reason: word,
  transferred: z.boolean().nullish(),
  outcome: z.object({ type: z.string().max(100) }).nullish(),
  pre_call_run_id: word,
  summary: z.string().max(100_000).nullish(),
  tags: z
    .array(z.object({ name: z.string().max(200) }))
    .max(100)
    .default([]),
  params: z.record(z.string(), z.json()).default({}),
  /** Results by the analyzer's title. */
  analysis: z.record(z.string(), z.json()).optional(),
  /** The same as the record of the call has them; taken where `analysis` is left out. */
  analysis_results: z
    .array(z.object({ title: z.string().optional(), result: z.json() }))
    .max(200)
    .default([]),
})

const columns = fixedColumns.map(({ name }) => name)

/** Of the row and not of its place: each store adds the table or the folder. */
export const analyticsInput = {
  call: AnalyticsCall,
  /** Columns that are not written: `from_number`, or `param_*` for all that begin so. */
  leave_out: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,62}\*?$/, 'A column, or its beginning and *'))
    .max(100)
    .refine((names) => !names.includes('call_id') && !names.includes('*'), {
      error: 'call_id stays: it names the row',
    })
    .default([])
    .describe(`Among ${columns.join(', ')}, and those of parameters and analyzers`),
}

/** Whether the store's table may be made and given columns. */
export const evolve = z.boolean().default(true)

export const AnalyticsWritten = z.object({
  call_id: z.string(),
  /** Columns that the table had not. */
  columns_added: z.array(z.string()),
  /** What fits no column and stands in `unfit`, by its name there. */
  unfit: z.array(z.string()),
})

export type AnalyticsCall = z.output<typeof AnalyticsCall>
export type AnalyticsWritten = z.output<typeof AnalyticsWritten>

export const previewOf = ({ call }: { readonly call: AnalyticsCall }): AnalyticsWritten => ({
  call_id: call.uuid,
  columns_added: [],
  unfit: [],
})
