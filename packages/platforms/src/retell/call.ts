import type { Json } from '@bookend/contract'
import type { AnalysisResult, NeutralCall, TranscriptEntry } from '../neutral.ts'
import {
  fieldsOf,
  idOf,
  isFields,
  jsonOf,
  listOf,
  numberOf,
  recordOf,
  secondsOf,
  textOf,
  type Fields,
} from '../read/fields.ts'
import { isoFromMs, secondsBetween } from '../read/times.ts'
import { directionOf, readNumber, type NumberFormat } from '../rules/numbers.ts'
import { roleOf } from '../rules/roles.ts'
import { endingOf } from './ending.ts'

/** Who calls whom, and when it began: what every event of a call repeats. */
export function partiesOf(call: Fields, format: NumberFormat): NeutralCall {
  const direction = directionOf(call['direction'])
  const params = recordOf(call['retell_llm_dynamic_variables'])
  return {
    from_number: readNumber(call['from_number'], format).number,
    to_number: readNumber(call['to_number'], format).number,
    ...(direction === null ? {} : { direction }),
    agent: {
      id: idOf(call['agent_id']),
      name: textOf(call['agent_name']),
      version: idOf(call['agent_version']),
    },
    ...(params === undefined ? {} : { params }),
    started_at: isoFromMs(call['start_timestamp']),
  }
}

/** How it ended. `call_status` is not read: it still says `registered` when the call is over. */
export function endOf(call: Fields): NeutralCall {
  const reason = textOf(call['disconnection_reason'])
  const startedAt = isoFromMs(call['start_timestamp'])
  const endedAt = isoFromMs(call['end_timestamp'])
  const ms = numberOf(call['duration_ms'])
  const duration = ms === null ? secondsBetween(startedAt, endedAt) : secondsOf(ms / 1_000)
  const transcripts = transcriptOf(call)
  const recording = textOf(call['recording_url'])
  return {
    ...endingOf(reason ?? ''),
    ended_reason: reason,
    ended_at: endedAt,
    ...(duration === null ? {} : { duration }),
    ...(transcripts === null ? {} : { transcripts }),
    ...(recording === null ? {} : { recording_presigned_url: recording }),
  }
}

export function analysisOf(call: Fields): NeutralCall {
  const analysis = fieldsOf(call['call_analysis'])
  const results: AnalysisResult[] = []
  for (const name of ['user_sentiment', 'call_successful', 'in_voicemail']) {
    const result = analysis[name]
    if (result !== undefined) results.push({ name, result })
  }
  for (const [name, result] of Object.entries(fieldsOf(analysis['custom_analysis_data']))) {
    results.push({ name, result })
  }
  return { summary: textOf(analysis['call_summary']), analysis_results: results }
}

/** The fuller of the two transcripts; null when there is none. */
export function transcriptOf(call: Fields): readonly TranscriptEntry[] | null {
  const turns = call['transcript_with_tool_calls'] ?? call['transcript_object']
  if (!Array.isArray(turns)) return null
  const names = new Map<string, string>()
  return listOf(turns)
    .filter(isFields)
    .flatMap((turn) => entryOf(turn, names))
}

/** Key presses, messages and the graph's own steps are no speech. */
const SILENT = new Set<Json>(['dtmf', 'sms', 'node_transition'])

function entryOf(turn: Fields, names: Map<string, string>): TranscriptEntry[] {
  const role = turn['role'] ?? null
  if (SILENT.has(role)) return []
  const toolCall = idOf(turn['tool_call_id'])
  const name = textOf(turn['name'])
  if (toolCall !== null && name !== null) names.set(toolCall, name)
  const functionName = name ?? (toolCall === null ? undefined : names.get(toolCall))
  const start = numberOf(fieldsOf(listOf(turn['words'])[0])['start'])
  const args = turn['arguments']
  return [
    {
      role: roleOf(role),
      text: typeof turn['content'] === 'string' ? turn['content'] : '',
      timestamp: null,
      offset_ms: start === null ? null : Math.round(start * 1_000),
      ...(functionName === undefined ? {} : { function_name: functionName }),
      ...(args === undefined ? {} : { arguments: jsonOf(args) }),
    },
  ]
}
