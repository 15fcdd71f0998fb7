const ZONES_MAX = 64
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The moment whose UTC reading is what the zone's clocks show at `instant`.
 *
 * @throws {RangeError} There is no such time zone.
 */
export function shownIn(zone: string, instant: Date): Date {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const read = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return new Date(
    Date.UTC(
      read('year'),
      read('month') - 1,
      read('day'),
      read('hour'),
      read('minute'),
      read('second'),
    ),
  )
}

/** Making a format takes longer than using it a hundred times. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formats.size >= ZONES_MAX) formats.clear()
  formats.set(timeZone, format)
  return format
}
