import type { RunListItem, Workflow } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderDuration } from '../../format/duration.ts'
import { STATE_OF_RUN } from '../../theme/states.ts'
import { Card } from '../../ui/card.tsx'
import { Id } from '../../ui/copy-text.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useRuns } from './queries.ts'

export function Runs({ workflow: { name, kind } }: { workflow: Workflow }) {
  const { data: runs, error, refetch } = useRuns(name)
  if (runs === undefined) {
    return error === null ? (
      <Skeleton what="the runs" />
    ) : (
      <Failed what="The runs" error={error} retry={() => void refetch()} />
    )
  }
  return (
    <Card title="Newest runs" flush>
      {runs.length === 0 ? (
        <p className="p-4 text-muted">
          {kind === 'journey'
            ? 'None yet; it runs when its event comes in.'
            : 'None yet; it runs before the next call of an agent that names it.'}
        </p>
      ) : (
        <table className="bk-table w-full">
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Started</th>
              <th scope="col" className="max-sm:hidden">
                Took
              </th>
              <th scope="col" className="max-sm:hidden">
                Error
              </th>
              <th scope="col">Call</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

function RunRow({ run }: { run: RunListItem }) {
  const { id, status, started_at, duration_ms, error, call_id, is_paused } = run
  return (
    <tr>
      <td>
        <StateBadge state={STATE_OF_RUN[status]}>
          {is_paused === true ? 'paused' : status}
        </StateBadge>
      </td>
      <td className="text-muted">
        <Instant at={started_at} />
      </td>
      <td className="whitespace-nowrap max-sm:hidden">
        {duration_ms === null ? '–' : renderDuration(duration_ms)}
      </td>
      <td className="text-xs [overflow-wrap:anywhere] text-failed-ink max-sm:hidden">{error}</td>
      <td>
        {call_id === null ? (
          <Id id={id} label="Copy run id" />
        ) : (
          <Link
            to="/calls/$id"
            params={{ id: call_id }}
            data-row
            className="whitespace-nowrap text-accent underline"
          >
            Open call
          </Link>
        )}
      </td>
    </tr>
  )
}
