import { z } from 'zod'
import { AnsweringAgent } from './calls.ts'
import { Missing, Outcome } from './pre-call.ts'
import { instant, jsonObject, text, uuid, WORKFLOW_NAME } from './primitives.ts'
import { Run, workflowKinds } from './runs.ts'

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
    /** The text of a YAML workflow, where one workflow is asked for. */
    source: z.string().optional(),
  })
  .meta({ id: 'Workflow' })
export const WorkflowList = z.object({ workflows: z.array(Workflow) })
export const WorkflowParams = z.strictObject({ name: text(64).regex(WORKFLOW_NAME) })

/** The bearer token of a workflow's own endpoint; it is shown once, here. */
export const WorkflowToken = z
  .object({
    token: z.string(),
    /** Until when the token before it is accepted as well; null when there was none. */
    previous_valid_until: instant().nullable(),
  })
  .meta({ id: 'WorkflowToken' })

/** A made-up call. */
export const SimulationCreate = z.strictObject({
  from_number: text(256).min(1),
  to_number: text(256).min(1),
  timestamp: instant().optional(),
  /** The agent that would be told; its time-out is the door's, and its texts are rendered. */
  agent_id: uuid().optional(),
  /** What the call brings along. */
  params: jsonObject(16_384).default({}),
})

/** What would have been answered. Nothing of it is stored, and nothing was written anywhere. */
export const Simulation = z
  .object({
    simulated: z.literal(true),
    parameters: jsonObject(65_536),
    outcome: Outcome,
    missing: z.array(Missing),
    /** Null when no agent was given. */
    agent: AnsweringAgent.nullable(),
    run: Run,
  })
  .meta({ id: 'Simulation' })

export type SimulationCreate = z.infer<typeof SimulationCreate>
export type Simulation = z.infer<typeof Simulation>
export type Workflow = z.infer<typeof Workflow>
