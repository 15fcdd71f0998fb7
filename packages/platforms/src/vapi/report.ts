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
  textOf,
  type Fields,
} from '../read/fields.ts'
import { isoOf, secondsBetween } from '../read/times.ts'
import { roleOf } from '../rules/roles.ts'
import { endingOf } from './ending.ts'

/** How the call went, from its report or its record. */
export function reportOf(report: Fields, call: Fields): NeutralCall {
  const reason = textOf(report['endedReason']) ?? textOf(call['endedReason'])
  const artifact = fieldsOf(report['artifact'])
  const startedAt = isoOf(report['startedAt']) ?? isoOf(call['startedAt'])
  const endedAt = isoOf(report['endedAt']) ?? isoOf(call['endedAt'])
  const duration = secondsBetween(startedAt, endedAt)
  // Presigned first: the plain address asks for a login. Both die, so a journey copies at once.
  const recording = textOf(artifact['presignedMonoUrl']) ?? textOf(artifact['recordingUrl'])
  const messages = artifact['messages'] ?? report['messages']
  const overrides = fieldsOf(call['assistantOverrides'])
  const params = recordOf(overrides['variableValues'])
  return {
    ...endingOf(reason ?? ''),
    ended_reason: reason,
    started_at: startedAt,
    ended_at: endedAt,
    ...(duration === null ? {} : { duration }),
    ...(params === undefined ? {} : { params }),
    ...(Array.isArray(messages) ? { transcripts: transcriptOf(messages) } : {}),
    ...(recording === null ? {} : { recording_presigned_url: recording }),
  }
}

const transcriptOf = (messages: Json): readonly TranscriptEntry[] =>
  listOf(messages)
    .filter(isFields)
    .filter((message) => message['role'] !== 'system')
    .flatMap(entriesOf)

function entriesOf(message: Fields): readonly TranscriptEntry[] {
  const seconds = numberOf(message['secondsFromStart'])
  const base = {
    role: roleOf(message['role']),
    timestamp: isoOf(message['time']),
    offset_ms: seconds === null ? null : Math.round(seconds * 1_000),
  }
  const said = message['message']
  const text = typeof said === 'string' ? said : (textOf(message['result']) ?? '')
  const calls = listOf(message['toolCalls']).filter(isFields)
  if (calls.length === 0) return [{ ...base, text, ...named(message['name']) }]
  return calls.map((one) => {
    const called = fieldsOf(one['function'])
    const args = called['arguments']
    const given = args === undefined ? {} : { arguments: jsonOf(args) }
    return { ...base, text, ...named(called['name']), ...given }
  })
}

const named = (value: Json | undefined) => {
  const name = idOf(value)
  return name === null ? {} : { function_name: name }
}

/** The analysis; null when it has no content. */
export function analysisOf(report: Fields): NeutralCall | null {
  const analysis = fieldsOf(report['analysis'])
  const summary = textOf(analysis['summary'])
  const results: AnalysisResult[] = Object.entries(fieldsOf(analysis['structuredData'])).map(
    ([name, result]) => ({ name, result }),
  )
  const { successEvaluation } = analysis
  if (successEvaluation !== undefined && successEvaluation !== null) {
    results.push({ name: 'successEvaluation', result: successEvaluation })
  }
  return summary === null && results.length === 0 ? null : { summary, analysis_results: results }
}
