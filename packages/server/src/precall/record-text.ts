import type { KeptRecord } from './call-record.ts'

/** A record in words, by the table its rows go to: said once, for the spool and for the database. */
export interface RecordText {
  readonly call: string | null
  readonly run: string | null
  readonly steps: readonly string[]
}

export const textOfRecord = ({ call, run, steps }: KeptRecord): RecordText => ({
  call: call === null ? null : JSON.stringify(call),
  run: run === null ? null : JSON.stringify(run),
  steps: steps.map((step) => JSON.stringify(step)),
})

/** The whole record as one line of JSON. */
export function lineOfRecord(
  { startedEventId }: Pick<KeptRecord, 'startedEventId'>,
  { call, run, steps }: RecordText,
): string {
  const event = JSON.stringify(startedEventId)
  return `{"call":${call},"run":${run},"steps":[${steps.join(',')}],"startedEventId":${event}}`
}
