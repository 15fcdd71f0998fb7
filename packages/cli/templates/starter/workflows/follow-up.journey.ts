// After the call: it is kept, and whoever asked to be called back is, within four hours.

import { journey } from '@bookend/sdk'
import { z } from 'zod'

const TABLE = `
  create table if not exists starter_calls (
    call_id text primary key, phone text, seconds integer, wants_callback boolean, outcome text
  )`

/** Nothing comes of doing it twice, so it is done again when nobody can tell whether it was. */
const REPEATABLE = { unknown: 'retry' } as const

export default journey('follow-up', {
  on: 'call.completed',
  // One at a time for each caller, in order; others run side by side.
  key: ({ call }) => call.from_number_e164,
  connections: { shop: 'postgres/shop' },

  async run({ call, step, human, connections: { shop } }) {
    const asked = call.transcripts.find(
      ({ role, text }) => role === 'user' && /call me back/i.test(text),
    )
    await step('table', () => shop.row.execute({ sql: TABLE, values: [] }), REPEATABLE)
    const row = {
      call_id: call.uuid,
      phone: call.from_number,
      seconds: call.duration ?? 0,
      wants_callback: asked !== undefined,
    }
    const keep = (outcome: string | null) =>
      shop.row.upsert({ table: 'starter_calls', key: ['call_id'], row: { ...row, outcome } })
    await step('keep', () => keep(null), REPEATABLE)
    if (asked === undefined) return

    const review = await human('callback', {
      title: `Call ${call.from_number} back?`,
      form: z.object({ outcome: z.enum(['reached', 'voicemail', 'not needed']) }),
      within: '4h',
    })
    const outcome = review.status === 'answered' ? review.answer.outcome : 'nobody called'
    await step('outcome', () => keep(outcome), REPEATABLE)
  },
})
