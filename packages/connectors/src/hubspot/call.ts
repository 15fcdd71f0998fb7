// The record of a call: what was said in short, and all of it in a note beside it.
//
// L1. The call and its transcript have keys of their own, so that a repeat makes neither twice.

import { action } from '@bookend/core'
import { CallLogInput } from '../inputs.ts'
import { CallLog } from '../records.ts'
import { classOf, createOnce, markOf } from './create-once.ts'
import { linkTo } from './read-records.ts'
import type { Context } from './rest.ts'
import type { HubspotSettings } from './schema.ts'
import { richText, textValues } from './write-values.ts'

export const callLog = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: (settings: HubspotSettings, input) => classOf(settings, input),
  },
  input: CallLogInput,
  output: CallLog,
  timeoutMs: 15_000,
  preview: () => ({ id: 'dry_call', url: null }),
  run: async (ctx: Context, input) => {
    const { subjectKey: key, settings } = ctx
    const owners = { contact_id: input.contact_id, ticket_id: input.ticket_id }
    const assigned = input.owner_id === null ? {} : { hubspot_owner_id: input.owner_id }
    const startedAt = new Date(input.started_at).toISOString()
    const call = await createOnce(ctx, {
      type: 'calls',
      key,
      owners,
      properties: {
        ...textValues(input.properties),
        ...assigned,
        hs_timestamp: startedAt,
        hs_call_title: input.title,
        hs_call_body: richText(ctx, input.summary, input.link, markOf(settings, key)),
        hs_call_direction: input.direction.toUpperCase(),
        hs_call_duration: String(Math.round(input.duration_seconds * 1_000)),
        hs_call_status: 'COMPLETED',
        hs_call_from_number: input.from_number,
        hs_call_to_number: input.to_number,
        ...(input.recording_url === null ? {} : { hs_call_recording_url: input.recording_url }),
      },
    })
    if (input.transcript !== '') {
      const own = `${key}-transcript`
      await createOnce(ctx, {
        type: 'notes',
        key: own,
        owners,
        properties: {
          ...assigned,
          hs_timestamp: startedAt,
          hs_note_body: richText(ctx, input.transcript, input.link, markOf(settings, own)),
        },
      })
    }
    return { id: call.id, url: linkTo(settings, 'calls', call.id) }
  },
})
