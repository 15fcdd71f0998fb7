import { z } from 'zod'
import { instant, text, WORKFLOW_NAME } from './primitives.ts'
import { workflowKinds } from './runs.ts'

export const Workflow = z
  .object({
    name: z.string(),
    kind: z.enum(workflowKinds),
    form: z.enum(['typescript', 'yaml']),
    version: z.string(),
    budget_ms: z.number().nullable(),
    on: z.string().nullable(),
    parameters: z.array(z.string()),
    connections: z.record(z.string(), z.string()),
    updated_at: instant(),
  })
  .meta({ id: 'Workflow' })
export const WorkflowList = z.object({ workflows: z.array(Workflow) })
export const WorkflowParams = z.strictObject({ name: text(64).regex(WORKFLOW_NAME) })

export type Workflow = z.infer<typeof Workflow>
