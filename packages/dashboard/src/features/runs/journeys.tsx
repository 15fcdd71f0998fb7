import type { Call, Run } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { JourneyRun } from './journey-run.tsx'

interface JourneysProps {
  journeys: readonly Run[]
  call: Call
}

/** The follow-up work of a call, each run with its steps. */
export function Journeys({ journeys, call }: JourneysProps) {
  const done = journeys.filter(({ status }) => status === 'completed').length
  return (
    <Card
      title="After the call"
      flush
      aside={
        journeys.length > 0 && (
          <span className="text-xs text-muted">
            {done} of {journeys.length} completed
          </span>
        )
      }
    >
      {journeys.length === 0 ? (
        <p className="p-4 text-muted">{explainNone(call)}</p>
      ) : (
        <ul aria-label="Journeys" className="divide-y divide-border">
          {journeys.map((run) => (
            <JourneyRun key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  )
}

const explainNone = ({ status }: Call): string =>
  status === 'ringing' || status === 'in_progress'
    ? 'Nothing runs yet; most journeys start once call.completed comes in, after the call ends.'
    : 'No journey listens to the events of this call.'
