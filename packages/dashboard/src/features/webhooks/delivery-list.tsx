import type { Delivery } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderDuration } from '../../format/duration.ts'
import { STATE_OF_DELIVERY } from '../../theme/states.ts'
import { Instant } from '../../ui/instant.tsx'
import { StateBadge, StateGlyph } from '../../ui/state-badge.tsx'

interface DeliveryListProps {
  deliveries: readonly Delivery[]
  /** Where the endpoint is not known from the screen, each delivery links to it. */
  linksEndpoint?: boolean
}

export function DeliveryList({ deliveries, linksEndpoint = true }: DeliveryListProps) {
  return (
    <ul aria-label="Deliveries" className="divide-y divide-border">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className="px-4 py-2">
          <details open={delivery.status === 'dead'}>
            <summary className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1">
              <StateBadge state={STATE_OF_DELIVERY[delivery.status]}>{delivery.status}</StateBadge>
              <code className="font-mono text-xs">{delivery.event_type}</code>
              <span className="text-xs text-muted">{renderState(delivery)}</span>
              {delivery.next_attempt_at !== null && (
                <span className="text-xs text-muted">
                  next try <Instant at={delivery.next_attempt_at} />
                </span>
              )}
            </summary>
            <DeliveryAttempts delivery={delivery} />
            {linksEndpoint && (
              <Link
                to="/webhooks/$id"
                params={{ id: delivery.webhook_id }}
                className="mt-2 inline-block text-xs text-accent underline"
              >
                Open the endpoint
              </Link>
            )}
          </details>
        </li>
      ))}
    </ul>
  )
}

function DeliveryAttempts({ delivery: { attempt_log } }: { delivery: Delivery }) {
  if (attempt_log.length === 0) {
    return <p className="mt-2 text-xs text-muted">Not tried yet.</p>
  }
  return (
    <ol aria-label="Attempts" className="mt-2 grid gap-1 text-xs">
      {attempt_log.map(({ attempt, started_at, duration_ms, status, error }) => (
        <li key={attempt} className="flex flex-wrap items-baseline gap-x-2">
          <StateGlyph
            state={error === null && isSuccess(status) ? 'ok' : 'failed'}
            className="self-center"
          />
          <span className="font-semibold">try {attempt}</span>
          <span className="text-muted">
            <Instant at={started_at} />, {renderDuration(duration_ms)}
          </span>
          {status !== null && <span>HTTP {status}</span>}
          {error !== null && <span className="text-failed-ink">{error}</span>}
        </li>
      ))}
    </ol>
  )
}

const isSuccess = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300

function renderState({ attempts, last_status, last_error, status }: Delivery): string {
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`
  const last = status === 'delivered' ? last_status : (last_error ?? last_status)
  return last === null ? tries : `${tries}, last ${last}`
}
