import type { Handoff } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMay } from '../session/may.ts'
import { AnswerForm } from './answer-form.tsx'
import { HandoffActions } from './handoff-actions.tsx'
import { useHandoff } from './queries.ts'
import { TimeLeft } from './time-left.tsx'

const route = getRouteApi('/handoffs/$id')

export function HandoffScreen() {
  const { id } = route.useParams()
  const { data, error, refetch } = useHandoff(id)
  const back = <Link to="/handoffs">Handoffs</Link>
  return (
    <>
      <PageTitle title={data?.title ?? 'Handoff'} above={back} live />
      {data !== undefined ? (
        <HandoffView key={data.id} handoff={data} />
      ) : error === null ? (
        <Skeleton what="the handoff" />
      ) : (
        <Failed what="The handoff" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}

function HandoffView({ handoff }: { handoff: Handoff }) {
  const mayWrite = useMay('support')
  const isOpen = handoff.status === 'open'
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Card title={isOpen ? 'Your answer' : 'Answer'}>
        {!isOpen && <Outcome handoff={handoff} />}
        {isOpen && !mayWrite && <p className="text-muted">Your key may read, and not answer.</p>}
        {/* The draft stays where it is when somebody was faster. */}
        {mayWrite && <AnswerForm handoff={handoff} />}
      </Card>
      <Card title="About it">
        <Facts handoff={handoff} />
        {isOpen && mayWrite && <HandoffActions handoff={handoff} />}
      </Card>
    </div>
  )
}

function Outcome({ handoff }: { handoff: Handoff }) {
  switch (handoff.status) {
    case 'answered':
      return (
        <div className="mb-4 grid gap-2">
          <output className="block">
            Answered by {handoff.answered_by}
            {handoff.answered_at !== null && (
              <>
                , <Instant at={handoff.answered_at} />
              </>
            )}
          </output>
          <JsonView value={handoff.answer} label="The answer" />
        </div>
      )
    case 'expired':
      return <output>Nobody answered in time; the journey went on without.</output>
    case 'cancelled':
      return <output>Its run is over, so nobody needs an answer any more.</output>
    case 'open':
      return null
  }
}

function Facts({ handoff }: { handoff: Handoff }) {
  const { status, due_at, assign, claimed_by, call_id, from_number, workflow, step } = handoff
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-1">
      <dt className="text-muted">Due</dt>
      <dd>
        <Instant at={due_at} />
        {status === 'open' && (
          <>
            , <TimeLeft handoff={handoff} />; then the journey goes on without an answer
          </>
        )}
      </dd>
      <dt className="text-muted">For</dt>
      <dd>{assign ?? 'anybody'}</dd>
      <dt className="text-muted">Taken by</dt>
      <dd>{claimed_by ?? 'nobody'}</dd>
      <dt className="text-muted">Caller</dt>
      <dd>
        {call_id === null ? (
          'no call'
        ) : (
          <Link to="/calls/$id" params={{ id: call_id }}>
            {from_number ?? 'the call'}
          </Link>
        )}
      </dd>
      <dt className="text-muted">Asked by</dt>
      <dd>
        {workflow}, {step}
      </dd>
    </dl>
  )
}
