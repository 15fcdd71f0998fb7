import type { Json, TranscriptEntry } from '@bookend/contract'
import type { JourneyCall } from '@bookend/core'

const ID = '00000000-0000-7000-8000-0000000000c1'
const STARTED_AT = '2026-03-02T15:04:05.000Z'
const ENDED_AT = '2026-03-02T15:05:05.000Z'

export interface MadeUpCall extends Partial<Omit<JourneyCall, 'analysis'>> {
  /** What the caller said, line by line; or who said what. */
  readonly said?: readonly (string | Pick<TranscriptEntry, 'role' | 'text'>)[]
  readonly analysis?: Readonly<Record<string, Json>>
}

/** The record of an inbound call of a minute that has ended; only what matters need be said. */
export function madeUpCall({ said = [], ...given }: MadeUpCall = {}): JourneyCall {
  return {
    id: 1,
    simple_uuid: ID,
    uuid: ID,
    status: 'completed',
    direction: 'inbound',
    from_number: '+15550100001',
    to_number: '+15550100900',
    started_at: STARTED_AT,
    ended_at: ENDED_AT,
    duration: 60,
    created_at: STARTED_AT,
    params: {},
    external_identifiers: {},
    tags: [],
    transcripts: said.map(renderLine),
    call_prompt: null,
    first_message: null,
    prompt: null,
    answered_by: 'human',
    analyzers: [],
    analysis_results: [],
    summary: null,
    transferred: false,
    recording_presigned_url: null,
    language: 'en',
    record: false,
    voice_id: null,
    background_noise: null,
    agent_speaks_first: true,
    from_number_e164: '+15550100001',
    to_number_e164: '+15550100900',
    agent_id: null,
    agent_version: null,
    agent_name: 'Agent under test',
    platform: 'api',
    attestation: null,
    ended_reason: null,
    outcome: { type: 'continue' },
    flags: [],
    pre_call_run_id: null,
    analysis: {},
    ...given,
  }
}

function renderLine(
  line: string | Pick<TranscriptEntry, 'role' | 'text'>,
  sequence: number,
): TranscriptEntry {
  const { role, text } = typeof line === 'string' ? ({ role: 'user', text: line } as const) : line
  return { sequence, role, text, timestamp: null, function_name: null, arguments: null }
}
