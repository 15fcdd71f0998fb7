import type { Handoff } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Instant } from '../../ui/instant.tsx'
import { TimeLeft } from './time-left.tsx'

export function HandoffRow({ handoff }: { handoff: Handoff }) {
  const { id, title, status, assign, claimed_by, from_number, workflow, answered_by } = handoff
  return (
    <li>
      <Link
        to="/handoffs/$id"
        params={{ id }}
        data-row
        className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 hover:bg-sunken"
      >
        <span className="w-24 shrink-0 text-muted">
          {status === 'open' ? <TimeLeft handoff={handoff} /> : <Instant at={handoff.created_at} />}
        </span>
        <span className="min-w-0 font-semibold [overflow-wrap:anywhere]">{title}</span>
        <span className="ml-auto flex flex-wrap gap-x-3 text-xs text-muted">
          {from_number !== null && <span>{from_number}</span>}
          {assign !== null && <span>{assign}</span>}
          {status === 'open' && claimed_by !== null && <span>taken by {claimed_by}</span>}
          {answered_by !== null && <span>answered by {answered_by}</span>}
          <span>{workflow}</span>
        </span>
      </Link>
    </li>
  )
}
