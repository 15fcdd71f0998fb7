// How a call was answered, as a fixture keeps it.

import { Outcome, PreCallRequest, preCallStatuses } from '@bookend/contract'
import { z } from 'zod'

const Step = z.strictObject({
  name: z.string(),
  status: z.string(),
  duration_ms: z.number().nullable(),
  connection: z.string().nullable(),
  action: z.string().nullable(),
  input: z.json().nullable(),
  output: z.json().nullable(),
  error: z.string().nullable(),
})

export const RecordedPreCall = z.strictObject({
  workflow: z.string(),
  /** In which the version that answered was written; null: that is not known. */
  form: z.enum(['typescript', 'yaml']).nullable(),
  request: PreCallRequest,
  budget_ms: z.number(),
  status: z.enum(preCallStatuses),
  parameters: z.record(z.string(), z.json()),
  outcome: Outcome,
  steps: z.array(Step),
})

export type RecordedPreCall = z.infer<typeof RecordedPreCall>
