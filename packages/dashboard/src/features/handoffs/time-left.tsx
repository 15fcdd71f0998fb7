import type { Handoff } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import { useNow } from '../../ui/use-now.ts'

const MINUTE_MS = 60_000
const URGENT_MS = 15 * MINUTE_MS

/** How long somebody can still answer. */
export function TimeLeft({ handoff: { due_at } }: { handoff: Pick<Handoff, 'due_at'> }) {
  const now = useNow(MINUTE_MS)
  const leftMs = Date.parse(due_at) - now.getTime()
  if (leftMs <= 0) return <span className="text-failed-ink">time is over</span>
  const wholeMs = leftMs > MINUTE_MS ? Math.floor(leftMs / MINUTE_MS) * MINUTE_MS : leftMs
  return (
    <time dateTime={due_at} className={leftMs < URGENT_MS ? 'font-semibold text-failed-ink' : ''}>
      {renderDuration(wholeMs)} left
    </time>
  )
}
