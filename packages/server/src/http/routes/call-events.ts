// What is reported while a call goes on, when it ends, and events of one's own. A report is stored
// with all it starts before it is answered (J1).

import type { Context } from '../../context.ts'
import { announce } from '../../events/accept-event.ts'
import { createCallReports, type CallReport, type Reported } from '../../events/call-reports.ts'
import { createOwnEvents } from '../../events/own-events.ts'
import { findYoung } from '../find-young.ts'
import type { Handlers } from '../handlers.ts'
import { notFound } from '../problem.ts'

export function callEventRoutes(context: Context) {
  const { changes, repeats } = context
  const reportCall = createCallReports(context)
  const storeOwnEvent = createOwnEvents(context)

  async function report(of: CallReport): Promise<Reported> {
    const reported = await findYoung(context, of.callId, () => reportCall(of))
    if (reported === null) throw notFound('call')
    if (reported.accepted !== null) announce(changes, reported.accepted)
    return reported
  }

  return {
    async appendTranscript({ params, body: { entries }, access: { workspaceId } }) {
      const of = { kind: 'transcript', workspaceId, callId: params.id, entries } as const
      const { sequences, eventId } = await report(of)
      return {
        accepted: sequences.length,
        duplicates: entries.length - sequences.length,
        event_id: eventId,
      }
    },

    async completeCall({ params, body, access: { workspaceId } }) {
      const of = { kind: 'complete', workspaceId, callId: params.id, body } as const
      const { accepted, eventId, call } = await report(of)
      if (call === null || eventId === null) throw notFound('call')
      repeats.callEnded(workspaceId, call.from_number, call.to_number)
      return { event_id: eventId, duplicate: accepted === null, call }
    },

    async createEvent({ body, access: { workspaceId } }) {
      const { event_id: id, event_type: type, payload } = body
      const accepted = await storeOwnEvent({ workspaceId, id, type, payload })
      if (accepted !== null) announce(changes, accepted)
      return { event_id: id, duplicate: accepted === null }
    },
  } satisfies Partial<Handlers>
}
