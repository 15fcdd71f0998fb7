import type { Delivery } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { renderDuration } from '../../format/duration.ts'
import { STATE_OF_DELIVERY } from '../../theme/states.ts'
import { Instant } from '../../ui/instant.tsx'
import { StateBadge, StateGlyph } from '../../ui/state-badge.tsx'
import { DELIVERY_WORDS, renderTries, stateOfAttempt } from './delivery-words.ts'
import { renderEnd } from './error-words.ts'

/** The deliveries of one call, each with its tries. */
export function DeliveryList({ deliveries }: { deliveries: readonly Delivery[] }) {
  return (
    <ul aria-label="Deliveries" className="divide-y divide-border">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className="px-4 py-2">
          <details open={delivery.status === 'dead'}>
            <summary className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1">
              <StateBadge state={STATE_OF_DELIVERY[delivery.status]}>
                {DELIVERY_WORDS[delivery.status]}
              </StateBadge>
              <code className="font-mono text-xs">{delivery.event_type}</code>
              <span className="text-xs text-muted">{renderTries(delivery)}</span>
              {delivery.next_attempt_at !== null && (
                <span className="text-xs text-muted">
                  next try <Instant at={delivery.next_attempt_at} />
                </span>
              )}
            </summary>
            <DeliveryAttempts delivery={delivery} />
            <Link
              to="/deliveries/$id"
              params={{ id: delivery.id }}
              className="mt-2 inline-block text-xs text-accent underline"
            >
              Open the delivery
            </Link>
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
      {attempt_log.map((each) => (
        <li key={each.attempt} className="flex flex-wrap items-baseline gap-x-2">
          <StateGlyph state={stateOfAttempt(each)} className="self-center" />
          <span className="font-semibold">try {each.attempt}</span>
          <span className="text-muted">
            <Instant at={each.started_at} />, {renderDuration(each.duration_ms)}
          </span>
          <span className={stateOfAttempt(each) === 'failed' ? 'text-failed-ink' : ''}>
            {renderEnd(each.status, each.error)}
          </span>
        </li>
      ))}
    </ol>
  )
}
