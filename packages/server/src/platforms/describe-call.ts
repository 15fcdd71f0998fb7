// A platform's call as a row of ours: what is known of it, over what was known before.
//
// C1. What nobody says leaves the row as it is.
// C2. An end that somebody else wrote stands (J6): a call that was given up as lost stays so, and is
//     filled with what is learnt of it later.

import type { CallStatus, JsonObject } from '@bookend/contract'
import { advanceStatus } from '@bookend/core'
import type { NeutralCall, NeutralCallStatus } from '@bookend/platforms'
import type { AgentInMemory } from '../snapshot.ts'
import type { CallAgent, CallRow } from '../store/postgres/call-row.ts'

const STATUS = {
  in_progress: 'in_progress',
  completed: 'completed',
  no_answer: 'no_answer',
  busy: 'no_answer',
  failed: 'failed',
  rejected: 'rejected',
} as const satisfies Record<NeutralCallStatus, CallStatus>

const FUTURE_MAX_MS = 60_000
const TITLE_MAX = 200
/** What the watch over silent calls writes. */
const LOST = 'lost'

/** The pre-call run that the call was found to belong to. */
export type LinkedRun = Pick<CallRow, 'params' | 'outcome' | 'pre_call'>

export interface Described {
  readonly base: CallRow
  readonly record: NeutralCall
  readonly run: LinkedRun | null
  readonly agent: AgentInMemory | undefined
  /** When its end was first heard of. */
  readonly endHeardAt: string | null
  readonly now: Date
}

export function describeCall(described: Described): CallRow {
  const { base, record, run, now } = described
  const startedAt = boundedTime(record.started_at, now) ?? isoOf(base.started_at)
  const direction = record.direction ?? base.direction
  return {
    ...base,
    ...describeAgent(described),
    direction,
    from_number: record.from_number ?? base.from_number,
    to_number: record.to_number ?? base.to_number,
    from_number_e164: record.from_number ?? base.from_number_e164,
    to_number_e164: record.to_number ?? base.to_number_e164,
    params: { ...base.params, ...run?.params, ...paramsOf(record) },
    outcome: run?.outcome ?? base.outcome,
    pre_call: run?.pre_call ?? base.pre_call,
    started_at: startedAt,
    transferred: record.transferred ?? base.transferred,
    recording_url: record.recording_presigned_url ?? base.recording_url,
    summary: record.summary ?? base.summary,
    analysis_results: resultsOf(base, record),
    ...describeEnd(described, startedAt),
  }
}

function describeEnd(
  { base, record, endHeardAt, now }: Described,
  startedAt: string | null,
): Partial<CallRow> {
  const status = record.status === undefined ? null : STATUS[record.status]
  if (base.ended_at !== null && base.ended_reason === LOST) return {}
  const hasEnded = endHeardAt !== null
  if (!hasEnded) {
    const next = status === null || record.status !== 'in_progress' ? base.status : status
    return { status: advanceStatus(base.status, next) }
  }
  const reportedAt = boundedTime(record.ended_at, now) ?? boundedTime(endHeardAt, now)
  const endedAt = reportedAt ?? now.toISOString()
  return {
    status: status === null || status === 'in_progress' ? 'completed' : status,
    ended_at: startedAt !== null && endedAt < startedAt ? startedAt : endedAt,
    ended_reason: record.ended_reason ?? null,
    answered_by: record.answered_by ?? null,
    duration_s: record.duration ?? secondsBetween(startedAt, endedAt),
  }
}

function describeAgent({ base, agent, record }: Described): Partial<CallRow> {
  if (agent === undefined || base.agent_id === agent.id) {
    const name = record.agent?.name ?? null
    return base.agent_id !== null || name === null ? {} : { agent: { ...base.agent, name } }
  }
  return { agent_id: agent.id, agent_version: agent.version, agent: agentOf(agent) }
}

const agentOf = ({ name, settings }: AgentInMemory): CallAgent => ({
  name,
  voice_id: settings.voice_id,
  language: settings.language,
  record: settings.record,
  agent_speaks_first: settings.agent_speaks_first,
  analyzers: settings.analyzers,
})

export const nobody: CallAgent = {
  name: null,
  voice_id: null,
  language: 'en',
  record: false,
  agent_speaks_first: true,
  analyzers: [],
}

/** Without what Bookend itself sent along to find the run again. */
function paramsOf({ params = {}, handoff }: NeutralCall): JsonObject {
  const given = Object.entries(params).filter(([name]) => !name.startsWith('bookend_'))
  return {
    ...(Object.fromEntries(given) as JsonObject),
    ...(handoff === undefined ? {} : { handoff }),
  }
}

function resultsOf(base: CallRow, { analysis_results: results }: NeutralCall) {
  if (results === undefined) return base.analysis_results
  const theirs = results.map(({ name, result }) => ({ title: name.slice(0, TITLE_MAX), result }))
  const titles = new Set(theirs.map(({ title }) => title))
  // Ours, which analyze the call themselves, stand beside the platform's.
  const others = base.analysis_results.filter(({ title }) => !titles.has(title ?? ''))
  return [...others, ...theirs]
}

/** A time from outside, unless it is ahead of ours (threats C14). */
function boundedTime(text: string | null | undefined, now: Date): string | null {
  if (text === null || text === undefined) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) return null
  return new Date(time > now.getTime() + FUTURE_MAX_MS ? now.getTime() : time).toISOString()
}

const secondsBetween = (from: string | null, to: string): number | null =>
  from === null ? null : Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000))

const isoOf = (instant: Date | string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()
