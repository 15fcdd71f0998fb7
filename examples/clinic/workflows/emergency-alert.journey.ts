// While the call goes on: the team learns of an emergency when it is said, not when the call ends.
//
// An emergency is named more than once, and each time starts a run; the key puts the runs of one call
// in order, and the first leaves the row by which the others know.

import { journey } from '@bookend/sdk'
import { isAlerted } from '../lookups/practice.ts'
import { updatedPart } from '../rules/caller-lines.ts'
import { findEmergency } from '../rules/emergency.ts'

const TEAM = 'team@harborstreet.example'
const REPEATABLE = { unknown: 'retry' } as const

export default journey('emergency-alert', {
  on: 'call.transcript_update',
  if: ({ call, event }) => findEmergency(updatedPart(call, event.payload['sequences'])) !== null,
  key: ({ call }) => call.uuid,
  connections: { practice: 'postgres/clinic', relay: 'smtp/relay' },

  async run({ call, step, connections: { practice, relay } }) {
    const id = `${call.uuid}:emergency`
    if (await step('known', () => isAlerted(practice, id), REPEATABLE)) return
    const line = findEmergency(call) ?? ''
    await step(
      'alert',
      () =>
        practice.row.upsert({
          table: 'clinic.alerts',
          key: ['id'],
          row: { id, call_id: call.uuid, kind: 'emergency', detail: line },
        }),
      REPEATABLE,
    )
    await step(
      'page',
      () =>
        relay.email.send({
          to: [TEAM],
          subject: `Emergency on the line: ${call.from_number}`,
          text: `The caller said: "${line}"\n\nThe call is still going on.`,
        }),
      REPEATABLE,
    )
  },
})
