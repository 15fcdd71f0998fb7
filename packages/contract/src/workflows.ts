import { z } from 'zod'
import { AnsweringAgent } from './calls.ts'
import { Missing, Outcome } from './pre-call.ts'
import { Pause } from './pauses.ts'
import { instant, jsonObject, text, uuid, WORKFLOW_NAME } from './primitives.ts'
import { Run, workflowKinds } from './runs.ts'

const workflowForms = ['typescript', 'yaml'] as const

export const WORKFLOW_VERSION = /^[0-9a-f]{16}$/
export const WORKFLOW_SOURCE_MAX = 262_144

/** The text of a workflow in YAML. */
const source = () => text(WORKFLOW_SOURCE_MAX)

/** One step of a YAML workflow, as a graph shows it; in an order in which each comes after its needs. */
export const WorkflowStep = z
  .object({
    name: z.string(),
    kind: z.enum(['use', 'value', 'sleep', 'wait_for', 'human', 'emit', 'tag', 'call_later']),
    /** `<connection>.<noun>.<verb>` */
    use: z.string().nullable(),
    effect: z.enum(['read', 'write']).nullable(),
    /** The steps that it waits for. */
    needs: z.array(z.string()),
    /** The expression that decides whether it runs. */
    if: z.string().nullable(),
    /** The longest it may take; null for what waits. */
    limit_ms: z.number().nullable(),
    after_answer: z.boolean(),
    /** The answer mentions it, and waits for it. */
    in_answer: z.boolean(),
    line: z.number().int(),
  })
  .meta({ id: 'WorkflowStep' })

export const Workflow = z
  .object({
    name: z.string(),
    kind: z.enum(workflowKinds),
    form: z.enum(workflowForms),
    /** Where it comes from: a file of the server's folder, or this API. */
    origin: z.enum(['file', 'published']),
    version: z.string(),
    budget_ms: z.number().nullable(),
    /** How long the answer takes when every step takes all its time; null where it is not known. */
    worst_case_ms: z.number().nullable(),
    on: z.string().nullable(),
    parameters: z.array(z.string()),
    connections: z.record(z.string(), z.string()),
    updated_at: instant(),
    /** Since when its runs are held, by whom and why; null: they are not. */
    paused: Pause.nullable().optional(),
    /** The text of a YAML workflow, where one workflow is asked for. */
    source: z.string().optional(),
    /** The steps of a YAML workflow, where one workflow is asked for. */
    steps: z.array(WorkflowStep).optional(),
  })
  .meta({ id: 'Workflow' })
export const WorkflowList = z.object({ workflows: z.array(Workflow) })
export const WorkflowParams = z.strictObject({ name: text(64).regex(WORKFLOW_NAME) })
export const WorkflowVersionParams = WorkflowParams.extend({
  version: text(16).regex(WORKFLOW_VERSION),
})

export const WorkflowSource = z.strictObject({ source: source() })

const place = {
  /** From 1. */
  line: z.number().int(),
  column: z.number().int(),
  /** Such as `steps.contact.timeout`; empty for the text as a whole. */
  path: z.string(),
}

/** What keeps a text from being a workflow. */
export const WorkflowProblem = z
  .object({
    ...place,
    message: z.string(),
    /** What would be right; null when the message says it. */
    hint: z.string().nullable(),
  })
  .meta({ id: 'WorkflowProblem' })

/** What is allowed, and probably not meant. */
export const WorkflowWarning = z
  .object({
    code: z.enum([
      'unused',
      'over_budget',
      'budget_cut',
      'placeholder_without_value',
      'parameter_unused',
    ]),
    message: z.string(),
    /** Null where the warning is of no place in the text. */
    line: place.line.nullable(),
    column: place.column.nullable(),
    /** The agent that uses the workflow; null where it is about the workflow alone. */
    agent: z.object({ id: uuid(), name: z.string() }).nullable(),
  })
  .meta({ id: 'WorkflowWarning' })

export const WorkflowPublished = Workflow.extend({ warnings: z.array(WorkflowWarning) }).meta({
  id: 'WorkflowPublished',
})

/** The verdict on a text, as publishing it would give it. */
export const WorkflowCheck = z
  .object({
    valid: z.boolean(),
    problems: z.array(WorkflowProblem),
    warnings: z.array(WorkflowWarning),
    /** What it would be; null and empty while it is not valid. */
    kind: z.enum(workflowKinds).nullable(),
    version: z.string().nullable(),
    budget_ms: z.number().nullable(),
    worst_case_ms: z.number().nullable(),
    steps: z.array(WorkflowStep),
  })
  .meta({ id: 'WorkflowCheck' })

export const WorkflowVersion = z
  .object({
    version: z.string(),
    kind: z.enum(workflowKinds),
    form: z.enum(workflowForms),
    /** Whether new runs and calls take it. */
    active: z.boolean(),
    created_at: instant(),
    /** Null for one that came from a file alone; else when it was published last, and by whom. */
    published_at: instant().nullable(),
    published_by: z.string().nullable(),
    /** The text of YAML, where one version is asked for. */
    source: z.string().optional(),
  })
  .meta({ id: 'WorkflowVersion' })
export const WorkflowVersionList = z.object({ versions: z.array(WorkflowVersion) })

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
  /** A text to try instead of what is active: nothing of it is stored. */
  source: source().optional(),
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
export type WorkflowStep = z.infer<typeof WorkflowStep>
export type WorkflowProblem = z.infer<typeof WorkflowProblem>
export type WorkflowWarning = z.infer<typeof WorkflowWarning>
export type WorkflowCheck = z.infer<typeof WorkflowCheck>
export type WorkflowVersion = z.infer<typeof WorkflowVersion>
