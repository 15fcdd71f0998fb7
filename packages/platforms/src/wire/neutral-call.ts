import type { Json } from '@bookend/contract'
import type { AnalysisResult, NeutralCall, NeutralCallStatus, TranscriptEntry } from '../neutral.ts'
import {
  booleanOf,
  fieldsOf,
  isFields,
  jsonOf,
  listOf,
  recordOf,
  secondsOf,
  textOf,
  type Fields,
} from '../read/fields.ts'
import { isoOf } from '../read/times.ts'
import { directionOf, readNumber } from '../rules/numbers.ts'
import { roleOf } from '../rules/roles.ts'

/** A call record in the published contract's words; only what it says is taught. */
export function readCallRecord(record: Fields): NeutralCall {
  const direction = directionOf(record['direction'])
  const status = statusOf(record['status'], record['ended_at'])
  const answeredBy = textOf(record['answered_by'])
  const transferred = booleanOf(record['transferred'])
  const params = recordOf(record['params'])
  const entries = record['transcripts']
  const analysis = record['analysis_results']
  return {
    ...('from_number' in record ? { from_number: readNumber(record['from_number']).number } : {}),
    ...('to_number' in record ? { to_number: readNumber(record['to_number']).number } : {}),
    ...(direction === null ? {} : { direction }),
    ...(status === null ? {} : { status }),
    ...('ended_reason' in record ? { ended_reason: textOf(record['ended_reason']) } : {}),
    ...(answeredBy === null ? {} : { answered_by: answererOf(answeredBy) }),
    ...(transferred === null ? {} : { transferred }),
    ...('started_at' in record ? { started_at: isoOf(record['started_at']) } : {}),
    ...('ended_at' in record ? { ended_at: isoOf(record['ended_at']) } : {}),
    ...('duration' in record ? { duration: secondsOf(record['duration']) } : {}),
    ...(params === undefined ? {} : { params }),
    ...(Array.isArray(entries)
      ? { transcripts: listOf(entries).filter(isFields).map(entryOf) }
      : {}),
    ...('recording_presigned_url' in record
      ? { recording_presigned_url: textOf(record['recording_presigned_url']) }
      : {}),
    ...('summary' in record ? { summary: summaryOf(record['summary']) } : {}),
    ...(Array.isArray(analysis) ? { analysis_results: analysisOf(analysis) } : {}),
  }
}

/** The words for a record's status are not published: what ended otherwise has completed. */
function statusOf(value: Json | undefined, endedAt: Json | undefined): NeutralCallStatus | null {
  const word = textOf(value)?.toLowerCase().replaceAll('-', '_') ?? ''
  switch (word) {
    case 'no_answer':
    case 'busy':
    case 'failed':
    case 'rejected':
    case 'completed':
      return word
    default:
      if (textOf(endedAt) !== null) return 'completed'
      return word === 'in_progress' || word === 'ongoing' ? 'in_progress' : null
  }
}

function answererOf(word: string): NonNullable<NeutralCall['answered_by']> {
  const plain = word.toLowerCase().replaceAll('-', '_')
  return plain === 'human' || plain === 'voicemail' || plain === 'no_answer' ? plain : 'unknown'
}

/** One turn of a conversation in the published contract's words. */
function entryOf(entry: Fields): TranscriptEntry {
  const functionName = textOf(entry['function_name'])
  const offset = entry['offset_ms']
  return {
    role: roleOf(entry['role']),
    text: typeof entry['text'] === 'string' ? entry['text'] : '',
    timestamp: isoOf(entry['timestamp']),
    offset_ms: typeof offset === 'number' ? offset : null,
    ...(functionName === null ? {} : { function_name: functionName }),
    ...(entry['arguments'] === undefined || entry['arguments'] === null
      ? {}
      : { arguments: jsonOf(entry['arguments']) }),
  }
}

/** Text, or an object whose inner names are not published. */
function summaryOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return textOf(value)
  if (!isFields(value) || Object.keys(value).length === 0) return null
  return textOf(value['text']) ?? textOf(value['summary']) ?? JSON.stringify(value)
}

function analysisOf(results: Json): readonly AnalysisResult[] {
  return listOf(results).flatMap((one) => {
    const fields = fieldsOf(one)
    const name = textOf(fields['name']) ?? textOf(fields['prompt'])
    const { result } = fields
    return name === null || result === undefined ? [] : [{ name, result }]
  })
}
