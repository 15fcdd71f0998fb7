import type { Call } from '@bookend/contract'

/** Who, what, and at which second of the call; without one, the transcript does not say. */
export type Line = readonly ['agent' | 'user' | 'tool', string, number?]

const BEGAN_AT = Date.parse('2026-11-26T12:00:00.000Z')
const at = (seconds: number): string => new Date(BEGAN_AT + seconds * 1_000).toISOString()

/** A call that is over, of which this was said. */
export const spokenCall = (
  lines: readonly Line[],
  seconds = 600,
  more: Partial<Call> = {},
): Call => ({
  id: 1,
  simple_uuid: '01990000-0000-7000-9000-000000000001',
  uuid: '01990000-0000-7000-9000-000000000001',
  status: 'completed',
  direction: 'inbound',
  from_number: '+15550100001',
  to_number: '+15550100900',
  started_at: at(0),
  ended_at: at(seconds),
  duration: seconds,
  created_at: at(0),
  params: {},
  external_identifiers: {},
  tags: [],
  transcripts: lines.map(([role, text, second], sequence) => ({
    sequence,
    role,
    text,
    timestamp: second === undefined ? null : at(second),
    function_name: null,
    arguments: null,
  })),
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
  from_number_e164: null,
  to_number_e164: null,
  agent_id: null,
  agent_version: null,
  agent_name: null,
  platform: 'api',
  attestation: null,
  ended_reason: null,
  outcome: { type: 'continue' },
  flags: [],
  pre_call_run_id: null,
  ...more,
})
