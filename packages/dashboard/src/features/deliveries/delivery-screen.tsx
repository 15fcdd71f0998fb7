import type { Delivery } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { STATE_OF_DELIVERY } from '../../theme/states.ts'
import { Card } from '../../ui/card.tsx'
import { CopyText, Id } from '../../ui/copy-text.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useMay } from '../session/may.ts'
import { useWebhook } from '../webhooks/queries.ts'
import { DeliveryAttempt } from './delivery-attempt.tsx'
import { DELIVERY_REASONS, DELIVERY_WORDS } from './delivery-words.ts'
import { useDelivery } from './queries.ts'
import { ResendDelivery } from './resend-delivery.tsx'

const route = getRouteApi('/deliveries/$id')

export function DeliveryScreen() {
  const { id } = route.useParams()
  const { data: delivery, error, refetch } = useDelivery(id)
  return (
    <>
      <PageTitle
        title={delivery?.event_type ?? 'Delivery'}
        tabTitle="Delivery"
        live
        above={
          <Link to="/deliveries" className="hover:text-text hover:underline">
            Deliveries
          </Link>
        }
      />
      {delivery !== undefined ? (
        <div className="grid grid-cols-1 gap-4">
          <Facts delivery={delivery} />
          <Attempts delivery={delivery} />
        </div>
      ) : error === null ? (
        <Skeleton what="the delivery" />
      ) : (
        <Failed what="The delivery" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { status, webhook_id, event_id, call_id, created_at, next_attempt_at } = delivery
  const { data: webhook } = useWebhook(webhook_id)
  const mayWrite = useMay('write')
  return (
    <Card
      title="Delivery"
      aside={<StateBadge state={STATE_OF_DELIVERY[status]}>{DELIVERY_WORDS[status]}</StateBadge>}
    >
      <p className="mb-3 text-muted">{DELIVERY_REASONS[status]}</p>
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <Fact name="Endpoint">
          <Link
            to="/webhooks/$id"
            params={{ id: webhook_id }}
            className="[overflow-wrap:anywhere] text-accent underline"
          >
            {webhook?.url ?? webhook_id}
          </Link>
          {webhook?.enabled === false && <span className="text-failed-ink">, off</span>}
        </Fact>
        <Fact name="Event">
          <CopyText text={event_id} label="Copy event id" />
        </Fact>
        <Fact name="Call">
          {call_id === null ? (
            'of no call'
          ) : (
            <Link to="/calls/$id" params={{ id: call_id }} className="text-accent underline">
              Open call
            </Link>
          )}
        </Fact>
        <Fact name="Made">
          <Instant at={created_at} />
        </Fact>
        {next_attempt_at !== null && (
          <Fact name="Next try">
            <Instant at={next_attempt_at} />
          </Fact>
        )}
        <Fact name="Id">
          <Id id={delivery.id} label="Copy delivery id" />
        </Fact>
      </dl>
      {mayWrite && webhook?.enabled === true && (
        <div className="mt-4">
          <ResendDelivery delivery={delivery} url={webhook.url} />
        </div>
      )}
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Attempts({ delivery: { attempt_log, attempts } }: { delivery: Delivery }) {
  return (
    <Card
      title="Tries"
      flush
      aside={
        attempt_log.length < attempts && (
          <span className="text-xs text-muted">
            the newest {attempt_log.length} of {attempts}
          </span>
        )
      }
    >
      {attempt_log.length === 0 ? (
        <p className="p-4 text-muted">Not tried yet.</p>
      ) : (
        <ol aria-label="Tries" className="divide-y divide-border">
          {attempt_log.map((attempt) => (
            <DeliveryAttempt key={attempt.attempt} attempt={attempt} />
          ))}
        </ol>
      )}
    </Card>
  )
}
