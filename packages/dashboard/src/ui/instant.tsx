import { renderClock, renderInstant, renderUtc } from '../format/instant.ts'

interface InstantProps {
  at: string
  /** Leaves the day out, where it is known from the screen. */
  clockOnly?: boolean
}

export function Instant({ at, clockOnly = false }: InstantProps) {
  const date = new Date(at)
  return (
    <time dateTime={at} title={renderUtc(date)} className="whitespace-nowrap">
      {clockOnly ? renderClock(date) : renderInstant(date)}
    </time>
  )
}
