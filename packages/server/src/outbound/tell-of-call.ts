import type { Clock } from '@bookend/core'
import type { CallNote, DialAnswer, NeutralEvent } from '@bookend/platforms'
import type { LivePlatform } from '../platforms/live-platforms.ts'
import type { TakeDelivery } from '../platforms/take-delivery.ts'

interface Dialled {
  readonly callId: string
  readonly from: string
  readonly to: string
  readonly dialled: DialAnswer
}

/** What became of dialling, on the call: its platform's id, or that it failed. */
export async function tellOfCall(
  { takeDelivery, clock }: { readonly takeDelivery: TakeDelivery; readonly clock: Clock },
  live: LivePlatform,
  { callId, from, to, dialled }: Dialled,
): Promise<void> {
  const { connection, row } = live
  if (connection === null || dialled.kind === 'unknown') return
  const at = clock.now().toISOString()
  const numbers = { from_number: from, to_number: to, direction: 'outbound' } as const
  const events: NeutralEvent[] = []
  const notes: CallNote[] = []
  if (dialled.kind === 'placed') {
    const key = `${row.platform}:${dialled.call_id}:placed`
    notes.push({
      call_id: dialled.call_id,
      aliases: [callId],
      run_id: null,
      call: numbers,
      ends: false,
      dedupe_key: key,
      occurred_at: at,
      received_at: at,
    })
  } else {
    const key = `${row.platform}:${callId}:not-placed`
    events.push({
      event_type: 'call.completed',
      event_id: key,
      platform: row.platform,
      payload: {
        call_id: callId,
        attempt: 1,
        aliases: [],
        call: { ...numbers, status: 'failed', ended_reason: 'not_placed', ended_at: at },
      },
      dedupe_key: key,
      run_id: null,
      needs_hydration: false,
      occurred_at: at,
      received_at: at,
    })
  }
  const ignored = events.length === 0 ? 'a call is placed' : null
  await takeDelivery({
    live,
    connection,
    raw: {
      door: 'events',
      method: 'POST',
      url: '',
      headers: {},
      body: new Uint8Array(),
      received_at: at,
    },
    reading: { kind: 'events', events, notes, ignored, reply: null },
  })
}
