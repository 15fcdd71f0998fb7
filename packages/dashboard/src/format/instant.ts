// Instants in the viewer's zone; UTC is kept for the tooltip.

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** `10:41:02` today, else `3 Feb 10:41:02`. */
export function renderInstant(at: Date, now = new Date()): string {
  const time = clock.format(at)
  return at.toDateString() === now.toDateString() ? time : `${day.format(at)} ${time}`
}

/** `10:41:02`, where the day is known from the screen. */
export const renderClock = (at: Date): string => clock.format(at)

export const renderUtc = (at: Date): string =>
  `${at.toISOString().replace('T', ' ').replace('Z', '')} UTC`
