import type { Subscription } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { useMay } from '../session/may.ts'
import { DeleteWebhook } from './delete-webhook.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { useDeliveries, useEnableWebhook, useWebhook } from './queries.ts'
import { WebhookSecret } from './webhook-secret.tsx'

const route = getRouteApi('/webhooks/$id')

export function WebhookScreen() {
  const { id } = route.useParams()
  const { data: webhook, error, refetch } = useWebhook(id)
  return (
    <>
      <PageTitle
        title={webhook?.url ?? 'Webhook'}
        tabTitle="Webhook"
        above={
          <Link to="/webhooks" className="hover:text-text hover:underline">
            Webhooks
          </Link>
        }
      />
      {webhook !== undefined ? (
        <div className="grid grid-cols-1 gap-4">
          <Endpoint webhook={webhook} />
          <Deliveries id={id} />
        </div>
      ) : error === null ? (
        <Skeleton what="the webhook" />
      ) : (
        <Failed what="The webhook" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}

function Endpoint({ webhook }: { webhook: Subscription }) {
  const { enabled, disabled_reason, event_types, payload, created_at } = webhook
  const mayWrite = useMay('write')
  const isAdmin = useMay('admin')
  const enable = useEnableWebhook(webhook.id)
  return (
    <Card
      title="Endpoint"
      aside={<StateBadge state={enabled ? 'ok' : 'failed'}>{enabled ? 'on' : 'off'}</StateBadge>}
    >
      {disabled_reason !== null && <p className="mb-2 text-failed-ink">{disabled_reason}</p>}
      <p className="text-muted">
        {event_types.length === 0 ? 'All events' : event_types.join(', ')}, payload {payload}, since{' '}
        <Instant at={created_at} />
      </p>
      <div className="mt-4 flex flex-wrap items-start gap-2">
        {isAdmin && <WebhookSecret id={webhook.id} />}
        {mayWrite && (
          <>
            <Button busy={enable.isPending} onClick={() => enable.mutate(!enabled)}>
              {enabled ? 'Turn off endpoint' : 'Turn on endpoint'}
            </Button>
            <DeleteWebhook webhook={webhook} />
          </>
        )}
      </div>
    </Card>
  )
}

function Deliveries({ id }: { id: string }) {
  const { data: deliveries, error, refetch } = useDeliveries(id)
  if (deliveries === undefined) {
    return error === null ? (
      <Skeleton what="the deliveries" />
    ) : (
      <Failed what="The deliveries" error={error} retry={() => void refetch()} />
    )
  }
  return (
    <Card title="Deliveries" flush>
      {deliveries.length === 0 ? (
        <p className="p-4 text-muted">Nothing was sent here yet; the next event is.</p>
      ) : (
        <DeliveryList deliveries={deliveries} linksEndpoint={false} />
      )}
    </Card>
  )
}
