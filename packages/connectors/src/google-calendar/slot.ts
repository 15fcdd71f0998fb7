import { ConnectorFault, action } from '@bookend/core'
import { z } from 'zod'
import { findFreeSlots, windowOf } from '../booking/find-slots.ts'
import { SlotFindInput } from '../booking/input.ts'
import { spanOf } from '../booking/book.ts'
import { reasonOf } from '../google/session.ts'
import { Slot } from '../records.ts'
import { type Context, calendarOf, exchange } from './rest.ts'

const READ_MS = 5_000

const moment = z.iso.datetime({ offset: true })
const FreeBusy = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      busy: z.array(z.object({ start: moment, end: moment })).default([]),
      errors: z.array(z.object({ reason: z.string() })).default([]),
    }),
  ),
})

/** Google knows what repeats, lasts all day or was declined: it is asked what is busy, not why. */
export const slotFind = action({
  effect: 'read',
  input: SlotFindInput,
  output: z.array(Slot),
  timeoutMs: READ_MS,
  run: async (ctx: Context, input) => {
    const id = calendarOf(ctx, input)
    const window = windowOf(input, ctx.now())
    if (window === null) return []
    const [timeMin, timeMax] = [window.start, window.end].map((at) => at.toISOString())
    const { body } = await exchange(ctx, {
      effect: 'read',
      method: 'POST',
      path: ['freeBusy'],
      body: { json: { timeMin, timeMax, items: [{ id }] } },
      maxBodyBytes: 1_048_576,
    })
    const answer = FreeBusy.safeParse(body)
    if (!answer.success) throw new ConnectorFault({ kind: 'retry', detail: 'not_free_busy' })
    // Of `primary` the answer may be filed under the address that it stands for.
    const [own] = Object.values(answer.data.calendars)
    if (own === undefined) throw new ConnectorFault({ kind: 'retry', detail: 'not_free_busy' })
    const [problem] = own.errors
    if (problem !== undefined) {
      const detail = reasonOf(problem.reason) ?? 'unnamed'
      const kind =
        detail === 'not_found' ? 'missing' : detail === 'internal_error' ? 'retry' : 'refused'
      throw new ConnectorFault({ kind, detail })
    }
    const busy = own.busy.map(spanOf)
    return await findFreeSlots(input, { zone: ctx.settings.time_zone, now: ctx.now(), busy })
  },
})
