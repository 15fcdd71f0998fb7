import type { Call } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderId } from '../../format/id.ts'
import { Failed } from '../../ui/failed.tsx'
import { NotUpdated } from '../../ui/not-updated.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { RevealButton } from '../reveal/reveal-button.tsx'
import { useReveal } from '../reveal/use-reveal.ts'
import { callHandle, numberField, withRevealedCall } from '../reveal/with-revealed.ts'
import { CallFacts } from './call-facts.tsx'
import { CallResult } from './call-result.tsx'
import { CallTrace } from './call-trace.tsx'
import { OutcomeNotice } from './outcome-notice.tsx'
import { useCall } from './queries.ts'

interface CallViewProps {
  id: string
  selectedStep: string | null
  onSelectStep: (step: string | null) => void
}

export function CallView({ id, selectedStep, onSelectStep }: CallViewProps) {
  const { data, error, dataUpdatedAt, refetch } = useCall(id)
  const reveal = useReveal(data?.masked)
  const call = data && withRevealedCall(data, reveal)
  const retry = (): void => void refetch()
  return (
    <>
      <PageTitle
        title={call === undefined ? 'Call' : `${call.from_number} → ${renderCallee(call)}`}
        // Numbers stay out of the tab's title and with it out of the browser's history.
        tabTitle={`Call ${renderId(id)}`}
        live
        above={
          <>
            <Link to="/calls" className="hover:text-text hover:underline">
              Calls
            </Link>{' '}
            / {renderId(id)}
          </>
        }
      >
        {call !== undefined && (
          <RevealButton
            reveal={reveal}
            handle={callHandle(call, numberField(call))}
            what="the number"
          />
        )}
      </PageTitle>
      {call === undefined ? (
        error === null ? (
          <Skeleton what="the call" rows={12} />
        ) : (
          <Failed what="The call" error={error} retry={retry} />
        )
      ) : (
        <div className="grid grid-cols-1 gap-4">
          {error !== null && <NotUpdated sinceMs={dataUpdatedAt} error={error} retry={retry} />}
          <CallFacts call={call} />
          <OutcomeNotice outcome={call.outcome} />
          <CallTrace
            call={call}
            reveal={reveal}
            selectedStep={selectedStep}
            onSelectStep={onSelectStep}
          />
          <CallResult call={call} reveal={reveal} />
        </div>
      )}
    </>
  )
}

const renderCallee = ({ agent_name, to_number }: Call): string => agent_name ?? to_number
