// A call as it is stored, and as the contract shows it.

import type {
  AnalysisResult,
  Analyzer,
  Attestation,
  Call,
  CallAnalysis,
  CallStatus,
  Direction,
  JsonObject,
  Outcome,
  PreCallSummary,
  Tag,
  TranscriptEntry,
} from '@bookend/contract'

/** What a call keeps of its agent, as it was when the call began. */
export interface CallAgent {
  readonly name: string | null
  readonly voice_id: string | null
  readonly language: string
  readonly record: boolean
  readonly agent_speaks_first: boolean
  readonly analyzers: readonly (Analyzer & { id: string })[]
}

/** Instants are dates from the database, and ISO 8601 texts from the spool. */
type Instant = Date | string

export interface CallRow {
  readonly workspace_id: string
  readonly id: string
  readonly number: number | null
  readonly status: CallStatus
  readonly direction: Direction
  readonly platform: string
  readonly from_number: string
  readonly to_number: string
  readonly from_number_e164: string | null
  readonly to_number_e164: string | null
  readonly attestation: Attestation | null
  readonly agent_id: string | null
  readonly agent_version: number | null
  readonly agent: CallAgent
  readonly call_prompt: string | null
  readonly first_message: string | null
  readonly params: JsonObject
  readonly external_identifiers: JsonObject
  readonly outcome: Outcome
  readonly pre_call: PreCallSummary | null
  readonly flags: readonly string[]
  readonly created_at: Instant
  readonly started_at: Instant | null
  readonly ended_at: Instant | null
  readonly duration_s: number | null
  readonly ended_reason: string | null
  readonly answered_by: string | null
  readonly transferred: boolean
  readonly recording_url: string | null
  readonly summary: string | null
  /** Told by whoever ran the call. */
  readonly analysis_results: readonly AnalysisResult[]
  /** Of the agent's analyzers; absent until one was asked. */
  readonly own_results?: readonly CallAnalysis[]
}

export interface CallParts {
  readonly tags?: readonly Tag[]
  readonly transcripts?: readonly TranscriptEntry[]
}

const iso = (instant: Instant): string =>
  typeof instant === 'string' ? instant : instant.toISOString()
const isoOrNull = (instant: Instant | null): string | null =>
  instant === null ? null : iso(instant)

export function renderCall(row: CallRow, { tags = [], transcripts = [] }: CallParts = {}): Call {
  const { agent } = row
  const createdAt = iso(row.created_at)
  return {
    id: row.number,
    simple_uuid: row.id,
    uuid: row.id,
    status: row.status,
    direction: row.direction,
    from_number: row.from_number,
    to_number: row.to_number,
    started_at: isoOrNull(row.started_at),
    ended_at: isoOrNull(row.ended_at),
    duration: row.duration_s,
    created_at: createdAt,
    params: row.params,
    external_identifiers: row.external_identifiers,
    tags: [...tags],
    transcripts: [...transcripts],
    call_prompt: row.call_prompt,
    first_message: row.first_message,
    prompt:
      row.call_prompt === null ? null : { prompt_text: row.call_prompt, created_at: createdAt },
    answered_by: row.answered_by,
    analyzers: [...agent.analyzers],
    analysis_results: joinResults(row),
    summary: row.summary ?? summaryOf(row.own_results),
    transferred: row.transferred,
    recording_presigned_url: row.recording_url,
    language: agent.language,
    record: agent.record,
    voice_id: agent.voice_id,
    background_noise: null,
    agent_speaks_first: agent.agent_speaks_first,
    from_number_e164: row.from_number_e164,
    to_number_e164: row.to_number_e164,
    agent_id: row.agent_id,
    agent_version: row.agent_version,
    agent_name: agent.name,
    platform: row.platform,
    attestation: row.attestation,
    ended_reason: row.ended_reason,
    outcome: row.outcome,
    flags: [...row.flags],
    pre_call_run_id: row.pre_call?.run_id ?? null,
  }
}

/** What was told under a title gives way to an answer of our own, and stands where there is none. */
function joinResults({ analysis_results: told, own_results: own = [] }: CallRow): CallAnalysis[] {
  if (own.length === 0) return [...told]
  const answered = new Set(own.filter(isDone).map(({ title }) => title))
  const kept = told.filter(({ title }) => title === undefined || !answered.has(title))
  const keptTitles = new Set(kept.map(({ title }) => title))
  return [...kept, ...own.filter((result) => isDone(result) || !keptTitles.has(result.title))]
}

const isDone = ({ status }: CallAnalysis): boolean => status === 'done'

/** An analyzer by the name of `summary` writes the summary of a call that came without one. */
function summaryOf(own: CallRow['own_results'] = []): string | null {
  const answer = own.find((result) => result.title === 'summary' && isDone(result))?.result
  return typeof answer === 'string' ? answer : null
}
