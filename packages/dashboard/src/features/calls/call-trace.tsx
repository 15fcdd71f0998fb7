import type { Call } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { NotUpdated } from '../../ui/not-updated.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Journeys } from '../runs/journeys.tsx'
import type { Reveal } from '../reveal/use-reveal.ts'
import { CallPreCall } from './call-pre-call.tsx'
import { EventsAndDeliveries } from './events-and-deliveries.tsx'
import { Knowledge } from './knowledge.tsx'
import { useCallTrace } from './queries.ts'
import { Transcript } from './transcript.tsx'

interface CallTraceProps {
  call: Call
  reveal: Reveal
  selectedStep: string | null
  onSelectStep: (step: string | null) => void
}

/** What happened around the call; where the trace cannot be read, the call itself still shows. */
export function CallTrace({ call, reveal, selectedStep, onSelectStep }: CallTraceProps) {
  const { data: trace, error, dataUpdatedAt, refetch } = useCallTrace(call.uuid)
  const retry = (): void => void refetch()
  if (trace === undefined) {
    return (
      <>
        {error === null ? (
          <Skeleton what="what happened around the call" />
        ) : (
          <Failed what="What happened around the call" error={error} retry={retry} />
        )}
        <Transcript call={call} reveal={reveal} />
      </>
    )
  }
  return (
    <>
      {error !== null && <NotUpdated sinceMs={dataUpdatedAt} error={error} retry={retry} />}
      {trace.pre_call === null ? (
        <Card title="Before the call">
          <p className="text-muted">{explainNoPreCall(call)}</p>
        </Card>
      ) : (
        <CallPreCall
          // Another run is another reveal.
          key={trace.pre_call.id}
          run={trace.pre_call}
          selected={selectedStep}
          onSelect={onSelectStep}
        />
      )}
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <Knowledge call={call} run={trace.pre_call} reveal={reveal} />
        <Transcript call={call} reveal={reveal} />
      </div>
      <Journeys journeys={trace.journeys} call={call} />
      <EventsAndDeliveries events={trace.events} deliveries={trace.deliveries} />
    </>
  )
}

const explainNoPreCall = (call: Call): string =>
  call.pre_call_run_id === null
    ? 'No pre-call request was made for this call; the agent was told its default parameters.'
    : 'Answered; the details are not stored yet, or were lost when the process stopped.'
