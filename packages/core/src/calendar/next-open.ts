import type { Calendars } from '../expression/scope.ts'

const STEP_MS = 300_000
const MINUTE_MS = 60_000
const FAR_MS = 60 * 86_400_000

/**
 * The first moment from `from` on at which the calendar is open, to the minute; `never` when that is
 * not within two months, null when there is no such calendar. Hours shorter than five minutes may be
 * passed over.
 */
export function nextOpen(calendars: Calendars, name: string, from: Date): Date | 'never' | null {
  const isOpen = (atMs: number): boolean => calendars.isOpen(name, new Date(atMs)) === true
  if (calendars.isOpen(name, from) === null) return null
  if (isOpen(from.getTime())) return from
  const first = Math.ceil(from.getTime() / STEP_MS) * STEP_MS
  for (let atMs = first; atMs <= from.getTime() + FAR_MS; atMs += STEP_MS) {
    if (!isOpen(atMs)) continue
    let openMs = atMs
    while (openMs - MINUTE_MS > from.getTime() && isOpen(openMs - MINUTE_MS)) openMs -= MINUTE_MS
    return new Date(openMs)
  }
  return 'never'
}
