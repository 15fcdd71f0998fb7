import { Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { CallStatusBadge } from '../calls/call-status.tsx'
import { useLiveCalls } from './queries.ts'

export function LiveCalls() {
  const { data: calls, error, refetch } = useLiveCalls()
  if (calls === undefined) {
    if (error === null) return null
    return <Failed what="The live calls" error={error} retry={() => void refetch()} />
  }
  return (
    <Card title="Live calls" flush>
      {calls.length === 0 ? (
        <p className="p-4 text-muted">Nobody is on the phone.</p>
      ) : (
        <ul className="divide-y divide-border">
          {calls.map((call) => (
            <li key={call.uuid}>
              <Link
                to="/calls/$id"
                params={{ id: call.uuid }}
                data-row
                className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 hover:bg-sunken"
              >
                <CallStatusBadge status={call.status} isShort />
                <span className="font-semibold">{call.from_number}</span>
                <span className="text-muted">→ {call.agent_name ?? call.to_number}</span>
                <span className="ml-auto text-xs text-muted">
                  since <Instant at={call.started_at ?? call.created_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
