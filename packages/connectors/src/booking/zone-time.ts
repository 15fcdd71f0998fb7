// Between what a zone's clocks show and the instants of the world.
//
// Z1. A time that the clocks skip is none; of one that they show twice the first is meant.

import { shownIn } from '@bookend/core'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const offsetMs = (zone: string, instant: Date): number =>
  shownIn(zone, instant).getTime() - Math.floor(instant.getTime() / 1_000) * 1_000

/** @param wall Its UTC reading is what the clocks show. @returns Null where they skip it (Z1). */
export function instantOf(zone: string, wall: Date): Date | null {
  const found = around(zone, wall)
    .map((offset) => new Date(wall.getTime() - offset))
    .filter((instant) => shownIn(zone, instant).getTime() === wall.getTime())
  return found[0] ?? null
}

/** The same, and where clocks skip the time, the moment at which they do. */
export function momentOf(zone: string, wall: Date): Date {
  const before = offsetMs(zone, new Date(wall.getTime() - DAY_MS))
  return instantOf(zone, wall) ?? new Date(wall.getTime() - before)
}

/** The first moment of a day, such as `2026-03-29`: where clocks skip midnight, what follows it. */
export const startOfDay = (zone: string, date: string): Date =>
  momentOf(zone, new Date(`${date}T00:00:00Z`))

/** The day after, or so many days after. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** `2026-03-29T09:00:00+02:00`: a voice reads the time from it as it is said there. */
export function renderInZone(zone: string, instant: Date): string {
  const minutes = Math.round(offsetMs(zone, instant) / MINUTE_MS)
  const shown = new Date(instant.getTime() + minutes * MINUTE_MS).toISOString().slice(0, 19)
  const digits = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${shown}${minutes < 0 ? '-' : '+'}${digits(size / 60)}:${digits(size % 60)}`
}

/** The offsets before and after a change of the clocks near by; the larger is the earlier instant. */
function around(zone: string, wall: Date): readonly number[] {
  const offsets = [-DAY_MS, DAY_MS].map((ms) => offsetMs(zone, new Date(wall.getTime() + ms)))
  const [before = 0, after = 0] = offsets
  return before === after ? [before] : [Math.max(before, after), Math.min(before, after)]
}
