import { getRouteApi, Link } from '@tanstack/react-router'
import { renderId } from '../../format/id.ts'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMay } from '../session/may.ts'
import { JourneyDryRun } from './journey-dry-run.tsx'
import { PreCallReplay } from './pre-call-replay.tsx'
import { useRun } from './queries.ts'

const route = getRouteApi('/replay')

export function ReplayScreen() {
  const { run: id } = route.useSearch()
  const { data: run, error, refetch } = useRun(id)
  const mayWrite = useMay('write')
  const verb = run?.kind === 'journey' ? 'Dry run' : 'Replay'
  return (
    <>
      <PageTitle
        title={run === undefined ? 'Replay' : `${verb} of ${run.workflow}`}
        above={run !== undefined && <Above run={run} />}
      />
      {id === undefined ? (
        <Empty
          title="Nothing is chosen to replay"
          action={<LinkButton to="/calls">Go to the calls</LinkButton>}
        >
          <p>Open a call and take Replay beside what ran before it, or Dry run beside a journey.</p>
        </Empty>
      ) : run === undefined ? (
        error === null ? (
          <Skeleton what="the run" />
        ) : (
          <Failed what="The run" error={error} retry={() => void refetch()} />
        )
      ) : (
        <div key={run.id} className="grid grid-cols-1 gap-4">
          {!mayWrite ? (
            <Empty title="Your key may not replay">
              <p>It reads. Replays and dry runs need a key with the scope “write”.</p>
            </Empty>
          ) : run.kind === 'journey' ? (
            <JourneyDryRun run={run} />
          ) : (
            <PreCallReplay run={run} />
          )}
        </div>
      )}
    </>
  )
}

function Above({
  run: { id, call_id, workflow },
}: {
  run: { id: string; call_id: string | null; workflow: string }
}) {
  return (
    <>
      {call_id !== null && (
        <>
          <Link to="/calls/$id" params={{ id: call_id }} className="underline hover:text-text">
            Call {renderId(call_id)}
          </Link>{' '}
          /{' '}
        </>
      )}
      <Link to="/workflows/$name" params={{ name: workflow }} className="underline hover:text-text">
        {workflow}
      </Link>{' '}
      / run {renderId(id)}
    </>
  )
}
