import { z } from 'zod'
import { Analyzer } from './analysis.ts'
import { checkAnalyzers } from './analyzer-rule.ts'
import {
  instant,
  jsonObject,
  listQuery,
  nextCursor,
  text,
  uuid,
  WORKFLOW_NAME,
} from './primitives.ts'

const HOSTED = /^workflow:/

/** `https://…` (or `http://…` where the server allows it), `workflow:<name>`, or null. */
export const PreCallTarget = text(2_048).refine(
  (value) =>
    HOSTED.test(value) ? WORKFLOW_NAME.test(value.slice('workflow:'.length)) : URL.canParse(value),
  { error: 'must be an absolute https URL or workflow:<name>' },
)

const agentFields = {
  name: text(200).min(1),
  prompt: text(100_000),
  first_message: text(4_000).nullable(),
  agent_speaks_first: z.boolean(),
  voice_id: text(200).nullable(),
  language: text(35).min(2),
  record: z.boolean(),
  boost_keywords: z.array(text(200)).max(200),
  pre_call_webhook_url: PreCallTarget.nullable(),
  pre_call_webhook_auth_token: text(4_096).min(1).nullable(),
  pre_call_webhook_timeout: z.number().min(0.1).max(30),
  pre_call_webhook_enabled: z.boolean(),
  default_parameters: jsonObject(16_384),
  parameters_schema: jsonObject(32_768).nullable(),
  analyzers: z.array(Analyzer).max(50).superRefine(checkAnalyzers),
}

export const AgentCreate = z.strictObject({
  ...agentFields,
  prompt: agentFields.prompt.default(''),
  first_message: agentFields.first_message.default(null),
  agent_speaks_first: agentFields.agent_speaks_first.default(true),
  voice_id: agentFields.voice_id.default(null),
  language: agentFields.language.default('en'),
  record: agentFields.record.default(false),
  boost_keywords: agentFields.boost_keywords.default([]),
  pre_call_webhook_url: agentFields.pre_call_webhook_url.default(null),
  pre_call_webhook_auth_token: agentFields.pre_call_webhook_auth_token.default(null),
  pre_call_webhook_timeout: agentFields.pre_call_webhook_timeout.default(5),
  pre_call_webhook_enabled: agentFields.pre_call_webhook_enabled.default(false),
  default_parameters: agentFields.default_parameters.default({}),
  parameters_schema: agentFields.parameters_schema.default(null),
  analyzers: agentFields.analyzers.default([]),
})

export const AgentUpdate = z
  .strictObject(agentFields)
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: 'must change at least one field' })

export const Agent = z
  .object({
    id: uuid(),
    version: z.number().int(),
    ...agentFields,
    /** Write-only: reads back as `••••` and the last four characters. */
    pre_call_webhook_auth_token: z.string().nullable(),
    analyzers: z.array(Analyzer.extend({ id: uuid() })),
    created_at: instant(),
    updated_at: instant(),
  })
  .meta({ id: 'Agent' })

export const AgentWarning = z.object({
  code: z.enum(['placeholder_without_value', 'default_unused', 'unknown_workflow', 'budget_cut']),
  name: z.string(),
  message: z.string(),
})

export const AgentWritten = Agent.extend({ warnings: z.array(AgentWarning) }).meta({
  id: 'AgentWritten',
})

export const AgentListQuery = z.strictObject(listQuery)
export const AgentList = z.object({ agents: z.array(Agent), next_cursor: nextCursor })

export type AgentCreate = z.infer<typeof AgentCreate>
export type AgentUpdate = z.infer<typeof AgentUpdate>
export type Agent = z.infer<typeof Agent>
export type AgentWarning = z.infer<typeof AgentWarning>
export type AgentWritten = z.infer<typeof AgentWritten>
