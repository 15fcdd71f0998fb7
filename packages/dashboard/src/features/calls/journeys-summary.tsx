import type { CallListItem } from '@bookend/contract'
import type { State } from '../../theme/states.ts'
import { StateGlyph } from '../../ui/state-badge.tsx'

interface JourneysSummaryProps {
  journeys: CallListItem['journeys']
}

/** The work after the call, summed to its worst state. */
export function JourneysSummary({ journeys }: JourneysSummaryProps) {
  const { total, completed, failed, waiting } = journeys
  if (total === 0) return <span className="text-muted">–</span>
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StateGlyph state={findWorst(journeys)} />
      <span>
        {completed} of {total}
      </span>
      {failed > 0 && <span className="font-semibold text-failed-ink">{failed} failed</span>}
      {waiting > 0 && <span className="text-muted">{waiting} waiting</span>}
    </span>
  )
}

function findWorst({ total, completed, failed, waiting }: CallListItem['journeys']): State {
  if (failed > 0) return 'failed'
  if (waiting > 0) return 'wait'
  return completed === total ? 'ok' : 'running'
}
