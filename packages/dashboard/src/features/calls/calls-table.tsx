import type { CallListItem } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderTalk } from '../../format/duration.ts'
import { Instant } from '../../ui/instant.tsx'
import { join } from '../../ui/join.ts'
import { TableFrame } from '../../ui/table-frame.tsx'
import { AnswerBadge } from './answer-badge.tsx'
import { CallStatusBadge } from './call-status.tsx'
import { JourneysSummary } from './journeys-summary.tsx'

interface CallsTableProps {
  rows: readonly { row: CallListItem; hasLeft: boolean }[]
}

export function CallsTable({ rows }: CallsTableProps) {
  return (
    <TableFrame label="Calls, newest first">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">From</th>
          <th scope="col" className="max-2xl:hidden">
            To
          </th>
          <th scope="col" className="max-sm:hidden">
            Agent
          </th>
          <th scope="col" className="max-md:hidden">
            Started
          </th>
          <th scope="col">Before the call</th>
          <th scope="col" className="text-right! max-md:hidden">
            Call
          </th>
          <th scope="col" className="max-sm:hidden">
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, hasLeft }) => (
          <CallRow key={row.uuid} call={row} hasLeft={hasLeft} />
        ))}
      </tbody>
    </TableFrame>
  )
}

function CallRow({ call, hasLeft }: { call: CallListItem; hasLeft: boolean }) {
  const startedAt = call.started_at ?? call.created_at
  return (
    <tr className={join('relative', hasLeft && 'opacity-60')}>
      <td>
        <CallStatusBadge status={call.status} isShort />
        {hasLeft && <span className="block text-xs text-muted">no longer in this list</span>}
      </td>
      <td className="max-w-56 font-semibold max-sm:max-w-36">
        <Link
          to="/calls/$id"
          params={{ id: call.uuid }}
          title={call.from_number}
          data-row
          className="block truncate after:absolute after:inset-0"
        >
          {call.from_number}
        </Link>
        <span className="block truncate text-xs font-normal text-muted 2xl:hidden">
          <span className="md:hidden">
            <Instant at={startedAt} />
          </span>
          <span className="max-md:hidden">→ {call.to_number}</span>
        </span>
      </td>
      <td className="whitespace-nowrap max-2xl:hidden">{call.to_number}</td>
      <td className="max-w-40 truncate max-sm:hidden">
        {call.agent_name ?? <span className="text-muted">none</span>}
      </td>
      <td className="text-muted max-md:hidden">
        <Instant at={startedAt} />
      </td>
      <td>
        <AnswerBadge preCall={call.pre_call} />
      </td>
      <td className="text-right max-md:hidden">
        {call.duration === null ? <span className="text-muted">–</span> : renderTalk(call.duration)}
      </td>
      <td className="max-sm:hidden">
        <JourneysSummary journeys={call.journeys} />
      </td>
    </tr>
  )
}
