import type { Slot } from '../records.ts'
import type { SlotFindInput } from './input.ts'
import { chooseSlots, overlaps, type Interval } from './slots.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export interface FindOptions {
  /** The connection's, where the input names none. */
  readonly zone: string
  readonly now: Date
  readonly busy: readonly Interval[]
  /** Asked about what `busy` does not know; free when left out. */
  readonly isFree?: (wanted: Interval) => Promise<boolean>
}

/** The free times that the input asks for, soonest first. */
export async function findFreeSlots(
  input: SlotFindInput,
  { zone: own, now, busy, isFree }: FindOptions,
): Promise<Slot[]> {
  const zone = input.zone ?? own
  const { start, end } = spanOfSlots(input, now)
  const { duration_minutes: durationMinutes, limit } = input
  return await chooseSlots(
    {
      from: start,
      to: end,
      calendar: { zone, open: input.hours, closed: input.closed },
      durationMinutes,
      stepMinutes: input.step_minutes ?? durationMinutes,
    },
    { zone, limit, perDay: input.per_day ?? limit, bufferMinutes: input.buffer_minutes },
    async (wanted) =>
      !busy.some((one) => overlaps(one, wanted)) && ((await isFree?.(wanted)) ?? true),
  )
}

/** What the calendar is asked about: the slots' span, and the buffer around it. Null: it is none. */
export function windowOf(input: SlotFindInput, now: Date): Interval | null {
  const { start, end } = spanOfSlots(input, now)
  if (start >= end) return null
  const bufferMs = input.buffer_minutes * MINUTE_MS
  return {
    start: new Date(start.getTime() - bufferMs),
    end: new Date(end.getTime() + bufferMs),
  }
}

function spanOfSlots({ from, days, notice_minutes: notice }: SlotFindInput, now: Date): Interval {
  const asked = from === null ? now : new Date(from)
  const soonest = new Date(now.getTime() + notice * MINUTE_MS)
  const start = asked < soonest ? soonest : asked
  return { start, end: new Date(asked.getTime() + days * DAY_MS) }
}
