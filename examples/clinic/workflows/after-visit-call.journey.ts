// After the last word: what the practice keeps, what it does, and whom it tells.
//
//   patient ─▶ activity ─▶ facts · ticket · alert ─▶ settle ─▶ mail
//
// Every step may be repeated when nobody can tell whether it ran: rows are upserts, the desk's PUT
// goes by the call's id, and a mail carries one Message-ID on every try.

import { journey } from '@bookend/sdk'
import { findNextAppointment, findOpenCases, findPatients } from '../lookups/practice.ts'
import { transcriptText } from '../rules/caller-lines.ts'
import { findWish } from '../rules/caller-wish.ts'
import { followUpMail } from '../rules/follow-up-mail.ts'
import { recogniseCaller } from '../rules/recognise-caller.ts'
import { isUpset, sentimentOf } from '../rules/sentiment.ts'

const TEAM = 'team@harborstreet.example'
const REPEATABLE = { unknown: 'retry' } as const

export default journey('after-visit-call', {
  on: 'call.completed',
  if: ({ call }) => (call.duration ?? 0) > 0 || call.transcripts.length > 0,
  // Callers who withhold their number are not one caller: they go side by side.
  key: ({ call }) => call.from_number_e164,
  connections: { practice: 'postgres/clinic', desk: 'http/desk', relay: 'smtp/relay' },

  async run({ call, step, sleep, connections: { practice, desk, relay } }) {
    const sentiment = sentimentOf(call)
    const wish = findWish(call)
    const endedAt = call.ended_at ?? call.created_at

    const found = await step(
      'patient',
      async () => {
        const caller = recogniseCaller(await findPatients(practice, call.from_number))
        if (caller.kind !== 'patient') return null
        const { patient } = caller
        const [cases, appointment] = await Promise.all([
          findOpenCases(practice, patient.id),
          findNextAppointment(practice, patient.id, endedAt),
        ])
        return { patient, cases, appointment }
      },
      REPEATABLE,
    )

    await step(
      'activity',
      () =>
        practice.row.upsert({
          table: 'clinic.activities',
          key: ['call_id'],
          row: {
            call_id: call.uuid,
            patient_id: found?.patient.id ?? null,
            phone: call.from_number,
            subject: wish === null ? 'Phone call' : `Phone call: ${wish.wish}`,
            transcript: transcriptText(call),
            occurred_at: endedAt,
          },
        }),
      REPEATABLE,
    )

    const isTicketDue = wish !== null || (found?.cases.length ?? 0) > 0
    const alert = isUpset(sentiment)
    await Promise.all([
      step(
        'facts',
        () =>
          practice.row.upsert({
            table: 'clinic.call_facts',
            key: ['call_id'],
            row: {
              call_id: call.uuid,
              ended_at: endedAt,
              duration_seconds: call.duration ?? 0,
              sentiment: sentiment.score,
              sentiment_source: sentiment.source,
              wish: wish?.wish ?? null,
              outcome: call.outcome.type,
              agent: call.agent_name,
              patient_known: found !== null,
              pre_call_run_id: call.pre_call_run_id,
            },
          }),
        REPEATABLE,
      ),
      isTicketDue
        ? step(
            'ticket',
            () =>
              desk.request.send({
                method: 'PUT',
                path: ['tickets', call.uuid],
                body: {
                  phone: call.from_number,
                  subject: wish === null ? 'Call on an open case' : `Caller asks: ${wish.wish}`,
                  description: wish?.line ?? found?.cases[0]?.title ?? '',
                  priority: alert ? 'high' : 'normal',
                },
              }),
            REPEATABLE,
          )
        : null,
      alert
        ? step(
            'alert',
            () =>
              practice.row.upsert({
                table: 'clinic.alerts',
                key: ['id'],
                row: {
                  id: `${call.uuid}:upset`,
                  call_id: call.uuid,
                  kind: 'upset',
                  detail: `Sentiment ${sentiment.score} (${sentiment.source})`,
                },
              }),
            REPEATABLE,
          )
        : null,
    ])
    if (alert) {
      // Before the wait: a person should call back while the caller still remembers why.
      await step(
        'alert-mail',
        () =>
          relay.email.send({
            to: [TEAM],
            subject: `Please call back ${call.from_number}`,
            text: `The caller left upset (sentiment ${sentiment.score}).\n\n${transcriptText(call)}`,
          }),
        REPEATABLE,
      )
    }

    const email = found?.patient.email ?? null
    if (found === null || email === null) return
    await sleep('settle', '2s')
    const { patient, appointment } = found
    const mail = followUpMail({ patient, wish: wish?.wish ?? null, isUpset: alert, appointment })
    await step('mail', () => relay.email.send({ to: [email], ...mail }), REPEATABLE)
  },
})
