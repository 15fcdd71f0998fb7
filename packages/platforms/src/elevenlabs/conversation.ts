import type { Json } from '@bookend/contract'
import type { AnalysisResult, NeutralCall, TranscriptEntry } from '../neutral.ts'
import {
  fieldsOf,
  idOf,
  idsOf,
  isFields,
  jsonOf,
  listOf,
  numberOf,
  recordOf,
  secondsOf,
  textOf,
  type Fields,
} from '../read/fields.ts'
import { addSeconds, isoFromSeconds } from '../read/times.ts'
import { directionOf, readNumber, type NumberFormat } from '../rules/numbers.ts'
import { roleOf } from '../rules/roles.ts'

/** A conversation as its webhook and its record show it. */
export function callOf(data: Fields, format: NumberFormat): NeutralCall {
  const metadata = fieldsOf(data['metadata'])
  const phone = fieldsOf(metadata['phone_call'])
  const direction = directionOf(phone['direction'])
  const agentSide = readNumber(phone['agent_number'], format).number
  const farSide = readNumber(phone['external_number'], format).number
  const [from, to] = direction === 'outbound' ? [agentSide, farSide] : [farSide, agentSide]
  const startedAt = isoFromSeconds(metadata['start_time_unix_secs'])
  const duration = secondsOf(metadata['call_duration_secs'])
  const params = recordOf(
    fieldsOf(data['conversation_initiation_client_data'])['dynamic_variables'],
  )
  const { transcript } = data
  return {
    from_number: from,
    to_number: to,
    ...(direction === null ? {} : { direction }),
    agent: { id: idOf(data['agent_id']), name: textOf(data['agent_name']), version: null },
    status: data['status'] === 'failed' ? 'failed' : 'completed',
    ended_reason:
      textOf(metadata['termination_reason']) ?? textOf(fieldsOf(metadata['error'])['reason']),
    started_at: startedAt,
    ended_at: addSeconds(startedAt, duration),
    ...(duration === null ? {} : { duration }),
    ...(params === undefined ? {} : { params }),
    ...(Array.isArray(transcript) ? { transcripts: transcriptOf(transcript) } : {}),
  }
}

/** The pre-call request knew the call by the carrier's id only. */
export const aliasesOf = (data: Fields): readonly string[] =>
  idsOf(fieldsOf(fieldsOf(data['metadata'])['phone_call'])['call_sid'])

const transcriptOf = (turns: Json): readonly TranscriptEntry[] =>
  listOf(turns).filter(isFields).flatMap(entriesOf)

function entriesOf(turn: Fields): readonly TranscriptEntry[] {
  const seconds = numberOf(turn['time_in_call_secs'])
  const at = { timestamp: null, offset_ms: seconds === null ? null : Math.round(seconds * 1_000) }
  const text = textOf(turn['message'])
  const spoken = text === null ? [] : [{ role: roleOf(turn['role']), text, ...at }]
  const calls = listOf(turn['tool_calls']).filter(isFields)
  const called = calls.map((call): TranscriptEntry => {
    const args = call['params_as_json']
    return {
      role: 'tool',
      text: '',
      ...at,
      ...named(call['tool_name']),
      ...(args === undefined || args === null ? {} : { arguments: jsonOf(args) }),
    }
  })
  const results = listOf(turn['tool_results']).filter(isFields)
  const answered = results.map((result): TranscriptEntry => {
    const said = textOf(result['result_value']) ?? ''
    return { role: 'tool', text: said, ...at, ...named(result['tool_name']) }
  })
  return [...spoken, ...called, ...answered]
}

const named = (value: Json | undefined) => {
  const name = idOf(value)
  return name === null ? {} : { function_name: name }
}

/** The analysis; null when the platform made none. */
export function analysisOf(data: Fields): NeutralCall | null {
  const { analysis } = data
  if (!isFields(analysis)) return null
  const results: AnalysisResult[] = []
  const push = (name: string, result: Json | undefined) => {
    if (result !== undefined) results.push({ name, result })
  }
  push('call_successful', analysis['call_successful'])
  for (const [name, one] of Object.entries(fieldsOf(analysis['evaluation_criteria_results']))) {
    push(name, fieldsOf(one)['result'])
  }
  for (const [name, one] of Object.entries(fieldsOf(analysis['data_collection_results']))) {
    push(name, fieldsOf(one)['value'])
  }
  return { summary: textOf(analysis['transcript_summary']), analysis_results: results }
}
