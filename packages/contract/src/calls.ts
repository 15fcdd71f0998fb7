import { z } from 'zod'
import { AnalysisResult, Analyzer, AnalyzerKind, CallAnalysis } from './analysis.ts'
import { attestation, direction, Outcome, PreCallSummary } from './pre-call.ts'
import { instant, json, jsonObject, listQuery, nextCursor, text, uuid } from './primitives.ts'

export const callStatuses = [
  'ringing',
  'in_progress',
  'completed',
  'rejected',
  'transferred',
  'failed',
  'no_answer',
] as const
export const CallStatus = z.enum(callStatuses)

export const transcriptRoles = ['agent', 'user', 'tool', 'system'] as const

/** A call comes in through the neutral door. */
export const InboundCall = z.strictObject({
  from_number: text(256),
  to_number: text(256).min(1),
  timestamp: instant().optional(),
  external_identifiers: jsonObject(8_192).default({}),
  params: jsonObject(16_384).default({}),
  attestation: attestation.nullable().default(null),
})

export const OutboundCall = z.strictObject({
  from_number: text(256).optional(),
  to_number: text(256).min(1),
  agent_id: uuid(),
  external_identifiers: jsonObject(8_192).default({}),
  params: jsonObject(16_384).default({}),
})

export const TranscriptEntryInput = z.strictObject({
  sequence: z.number().int().min(0).max(2_147_483_647),
  role: z.enum(transcriptRoles),
  text: text(20_000),
  timestamp: instant().nullable().default(null),
  final: z.boolean().default(true),
  function_name: text(200).nullable().default(null),
  arguments: json(32_768).nullable().default(null),
})
export const TranscriptAppend = z.strictObject({
  entries: z.array(TranscriptEntryInput).min(1).max(500),
})

export const CallComplete = z.strictObject({
  ended_at: instant().optional(),
  ended_reason: text(200).nullable().default(null),
  answered_by: z.enum(['human', 'voicemail', 'no_answer', 'unknown']).default('human'),
  transferred: z.boolean().default(false),
  recording_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .nullable()
    .default(null),
  analysis_results: z.array(AnalysisResult.strict()).max(100).default([]),
  summary: text(20_000).nullable().default(null),
})

export const Tag = z
  .object({
    id: uuid(),
    name: z.string(),
    description: z.string().nullable(),
    color: z.string().nullable(),
  })
  .meta({ id: 'Tag' })
export const CallTags = z.strictObject({ tags: z.array(text(100).min(1)).max(50) })

export const TranscriptEntry = z.object({
  sequence: z.number().int(),
  role: z.enum(transcriptRoles),
  text: z.string(),
  timestamp: instant().nullable(),
  function_name: z.string().nullable(),
  arguments: z.custom<unknown>().meta({}).nullable(),
})

/** The call record: Simple AI's fields, then Bookend's own. */
export const Call = z
  .object({
    id: z.number().int().nullable(),
    simple_uuid: uuid(),
    uuid: uuid(),
    status: CallStatus,
    direction,
    from_number: z.string(),
    to_number: z.string(),
    started_at: instant().nullable(),
    ended_at: instant().nullable(),
    duration: z.number().int().nullable(),
    created_at: instant(),
    params: jsonObject(65_536),
    external_identifiers: jsonObject(8_192),
    tags: z.array(Tag),
    transcripts: z.array(TranscriptEntry),
    call_prompt: z.string().nullable(),
    /** The agent's first words as they were rendered for this call. */
    first_message: z.string().nullable(),
    prompt: z.object({ prompt_text: z.string(), created_at: instant() }).nullable(),
    answered_by: z.string().nullable(),
    analyzers: z.array(Analyzer.extend({ id: uuid() })),
    analysis_results: z.array(CallAnalysis),
    summary: z.string().nullable(),
    transferred: z.boolean(),
    recording_presigned_url: z.string().nullable(),
    language: z.string(),
    record: z.boolean(),
    voice_id: z.string().nullable(),
    background_noise: z.string().nullable(),
    agent_speaks_first: z.boolean(),
    from_number_e164: z.string().nullable(),
    to_number_e164: z.string().nullable(),
    agent_id: uuid().nullable(),
    agent_version: z.number().int().nullable(),
    agent_name: z.string().nullable(),
    platform: z.string(),
    attestation: attestation.nullable(),
    ended_reason: z.string().nullable(),
    outcome: Outcome,
    flags: z.array(z.string()),
    pre_call_run_id: uuid().nullable(),
    /** Handles of what is masked, to be revealed one by one by who may; left out: nothing is. */
    masked: z.array(z.string()).optional(),
  })
  .meta({ id: 'Call' })

/** A row of the call list: the record without its transcript and prompts, and how its work went. */
export const CallListItem = Call.omit({
  transcripts: true,
  call_prompt: true,
  first_message: true,
  prompt: true,
  analyzers: true,
})
  .extend({
    pre_call: z
      .object({
        status: z.string(),
        duration_ms: z.number(),
        budget_ms: z.number(),
        missing_count: z.number().int(),
      })
      .nullable(),
    journeys: z.object({
      total: z.number().int(),
      completed: z.number().int(),
      failed: z.number().int(),
      waiting: z.number().int(),
    }),
  })
  .meta({ id: 'CallListItem' })

export const CallListQuery = z
  .strictObject({
    ...listQuery,
    page: z.coerce.number().int().min(1).max(10_000).optional(),
    page_size: z.coerce.number().int().min(1).max(200).optional(),
    status: CallStatus.optional(),
    direction: direction.optional(),
    agent_id: uuid().optional(),
    from_number: text(256).optional(),
    to_number: text(256).optional(),
  })
  .refine((query) => !(query.cursor !== undefined && query.page !== undefined), {
    error: 'take either cursor or page, not both',
    path: ['page'],
  })

export const CallList = z.object({
  calls: z.array(CallListItem),
  next_cursor: nextCursor,
  total_count: z.number().int().optional(),
  page: z.number().int().optional(),
  page_size: z.number().int().optional(),
  total_pages: z.number().int().optional(),
})

/** `attribute` is a top-level field, `external_identifiers.<key>`, `params.<key>`, or a bare external identifier. */
export const FindCallQuery = z.strictObject({
  attribute: text(200).regex(/^[A-Za-z0-9_.-]+$/, { error: 'must be a field name' }),
  value: text(500),
})

/** The agent that takes the call, as it is to speak in this one: its texts are rendered. */
export const AnsweringAgent = z.object({
  id: uuid(),
  name: z.string(),
  prompt: z.string(),
  first_message: z.string().nullable(),
  voice_id: z.string().nullable(),
  language: z.string(),
})

export const InboundAnswer = z
  .object({
    call: Call,
    agent: AnsweringAgent,
    parameters: jsonObject(65_536),
    outcome: Outcome,
    pre_call: PreCallSummary,
  })
  .meta({ id: 'InboundAnswer' })

export const TranscriptAccepted = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  event_id: z.string().nullable(),
})
export const CompletionAccepted = z.object({
  event_id: z.string(),
  duplicate: z.boolean(),
  call: Call,
})

/** Which analyzers to ask again: those of these titles, or all. */
export const CallAnalyze = z.strictObject({
  titles: z.array(text(200)).min(1).max(50).optional(),
  /** `agent`: as the agent has them now; `call`: as it had them when the call began. */
  from: z.enum(['agent', 'call']).default('agent'),
})

export const AnalysisState = z
  .object({
    analyzer_id: uuid(),
    title: z.string(),
    kind: AnalyzerKind,
    /** `waiting`: for the call's other analyzers. `told`: somebody else's answer is believed. */
    status: z.enum(['queued', 'waiting', 'done', 'failed', 'told']),
    attempts: z.number().int(),
    /** Of the last try, where it came to no answer. */
    last_error: z.string().nullable(),
    /** Of the next try, while it is queued. */
    due_at: instant().nullable(),
    settled_at: instant().nullable(),
  })
  .meta({ id: 'AnalysisState' })
export const AnalysisStates = z.object({
  call_id: uuid(),
  analyses: z.array(AnalysisState),
})

export type CallAnalyze = z.infer<typeof CallAnalyze>
export type AnalysisState = z.infer<typeof AnalysisState>
export type CallStatus = z.infer<typeof CallStatus>
export type InboundCall = z.infer<typeof InboundCall>
export type TranscriptEntryInput = z.infer<typeof TranscriptEntryInput>
export type CallComplete = z.infer<typeof CallComplete>
export type Tag = z.infer<typeof Tag>
export type TranscriptEntry = z.infer<typeof TranscriptEntry>
export type Call = z.infer<typeof Call>
export type CallListItem = z.infer<typeof CallListItem>
export type CallListQuery = z.infer<typeof CallListQuery>
export type CallList = z.infer<typeof CallList>
export type AnsweringAgent = z.infer<typeof AnsweringAgent>
export type InboundAnswer = z.infer<typeof InboundAnswer>
