// While the call goes on: the team learns of an emergency when it is said, not when the call ends.
// An emergency is named more than once; `once` makes the first of it the only one that alerts.

import { journey } from '@bookend/sdk'
import { findEmergency } from '../rules/emergency.ts'

const TEAM = 'team@harborstreet.example'
const REPEATABLE = { unknown: 'retry' } as const

export default journey('emergency-alert', {
  on: 'call.transcript_update',
  if: ({ call }) => findEmergency(call) !== null,
  once: () => 'emergency',
  connections: { practice: 'postgres/clinic', relay: 'smtp/relay' },

  async run({ call, step, tag, connections: { practice, relay } }) {
    const line = findEmergency(call) ?? ''
    await tag('mark', 'emergency')
    await step(
      'alert',
      () =>
        practice.row.upsert({
          table: 'clinic.alerts',
          key: ['id'],
          row: {
            id: `${call.uuid}:emergency`,
            call_id: call.uuid,
            kind: 'emergency',
            detail: line,
          },
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
