// Records with what was revealed of them put in the place of its mask.

import type { Call, Run } from '@bookend/contract'
import type { Reveal } from './use-reveal.ts'

export const callHandle = (call: Call, field: string): string => `call/${call.uuid}/${field}`
export const runHandle = (run: Run, field: string): string => `run/${run.id}/${field}`

/** The person's end of the call. */
export const numberField = ({ direction }: Call): 'from_number' | 'to_number' =>
  direction === 'inbound' ? 'from_number' : 'to_number'

export function withRevealedCall(call: Call, { find }: Pick<Reveal, 'find'>): Call {
  const of = (field: string): unknown => find(callHandle(call, field))?.value
  const field = numberField(call)
  const number = of(field)
  const transcripts = of('transcripts')
  const params = of('params')
  // The server answers a field as it stands in the record.
  return {
    ...call,
    ...(typeof number === 'string' && { [field]: number }),
    ...(transcripts !== undefined && {
      transcripts: withWords(call, transcripts as Call['transcripts']),
    }),
    ...(params !== undefined && { params: params as Call['params'] }),
    ...(of('prompt') as Partial<Call> | undefined),
    ...(of('result') as Partial<Call> | undefined),
  }
}

/** What is said after the reveal stays masked. */
function withWords({ transcripts }: Call, revealed: Call['transcripts']): Call['transcripts'] {
  const bySequence = new Map(revealed.map((entry) => [entry.sequence, entry]))
  return transcripts.map((entry) => bySequence.get(entry.sequence) ?? entry)
}

export function withRevealedRun(run: Run, { find }: Pick<Reveal, 'find'>): Run {
  const steps = find(runHandle(run, 'steps'))?.value
  return steps === undefined ? run : { ...run, steps: steps as Run['steps'] }
}
