import { action } from '@bookend/core'
import { z } from 'zod'
import { findFreeSlots, windowOf } from '../booking/find-slots.ts'
import { SlotFindInput } from '../booking/input.ts'
import { Slot } from '../records.ts'
import { calendarUrl, type Context } from './ask.ts'
import { askRuled, findTaken } from './report.ts'

/** Of a server that tells rules, so many times are asked about; the rest count as taken. */
const QUESTIONS_MAX = 40

export const slotFind = action({
  effect: 'read',
  input: SlotFindInput,
  output: z.array(Slot),
  timeoutMs: 10_000,
  run: async (ctx: Context, input) => {
    const calendar = calendarUrl(ctx, input.calendar)
    const window = windowOf(input, ctx.now())
    if (window === null) return []
    const taken = await findTaken(ctx, calendar, window)
    let questions = 0
    return await findFreeSlots(input, {
      zone: ctx.settings.time_zone,
      now: ctx.now(),
      busy: taken.known,
      isFree: async (wanted) => {
        if (taken.ruled.size === 0) return true
        questions += 1
        if (questions > QUESTIONS_MAX) return false
        return (await askRuled(ctx, calendar, taken, wanted)).length === 0
      },
    })
  },
})
