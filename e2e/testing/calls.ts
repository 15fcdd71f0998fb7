// Calls as a telephony would bring them, and what became of them.

import type { InboundAnswer, Run, Trace } from '@bookend/contract'
import type { Client } from '@bookend/sdk/client'
import type { Place } from './place.ts'
import { until } from './until.ts'

export const FRONT_DESK = '+15550100900'
export const ADA = '+15550100001'
export const MARCUS = '+15550100002'
export const ROSA = '+15550100003'

export const ring = (client: Client, from: string, to = FRONT_DESK): Promise<InboundAnswer> =>
  client.call('inboundCall', { body: { from_number: from, to_number: to } })

export const say = (client: Client, id: string, sequence: number, text: string) =>
  client.call('appendTranscript', {
    params: { id },
    body: { entries: [{ sequence, role: 'user', text }] },
  })

export const hangUp = (client: Client, id: string) =>
  client.call('completeCall', { params: { id }, body: { ended_reason: 'caller_hung_up' } })

/** The trace of a call once all the work after it is done. */
export const finished = (place: Place, client: Client, id: string): Promise<Trace> =>
  until(
    place,
    `the journeys of ${id} end`,
    () => client.call('getCallTrace', { params: { id } }),
    ({ journeys }) => journeys.length > 0 && journeys.every(({ finished_at }) => finished_at),
  )

export function journeyOf({ journeys }: Trace, workflow: string): Run {
  const run = journeys.find((journey) => journey.workflow === workflow)
  if (run === undefined) throw new Error(`No run of ${workflow} among ${journeys.length}`)
  return run
}
