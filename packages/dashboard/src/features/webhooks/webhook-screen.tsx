import type { Subscription } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { DeliveryTable } from '../deliveries/delivery-table.tsx'
import { useMay } from '../session/may.ts'
import { DeleteWebhook } from './delete-webhook.tsx'
import { EditWebhook } from './edit-webhook.tsx'
import { EndpointHealth } from './endpoint-health.tsx'
import { EndpointState } from './endpoint-state.tsx'
import { useEndpointDeliveries, useUpdateWebhook, useWebhook } from './queries.ts'
import { ReplayRange } from './replay-range.tsx'
import { TestWebhook } from './test-webhook.tsx'
import { WebhookSecret } from './webhook-secret.tsx'

const route = getRouteApi('/webhooks/$id')

export function WebhookScreen() {
  const { id } = route.useParams()
  const { data: webhook, error, refetch } = useWebhook(id)
  const mayWrite = useMay('write')
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
          <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
            <EndpointHealth webhook={webhook} />
            {mayWrite && <ReplayRange webhook={webhook} />}
          </div>
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
  const { id, enabled, disabled_reason, disabled_at, description, rate_per_second } = webhook
  const { event_types, payload, created_at } = webhook
  const mayWrite = useMay('write')
  const isAdmin = useMay('admin')
  const update = useUpdateWebhook(id)
  return (
    <Card title="Endpoint" aside={<EndpointState webhook={webhook} />}>
      {!enabled && (
        <p className="mb-2 text-failed-ink">
          {disabled_reason ?? 'Turned off by hand'}
          {disabled_at != null && (
            <>
              , <Instant at={disabled_at} />
            </>
          )}
          . Nothing is sent, and events of this time can be sent later by their time.
        </p>
      )}
      {description !== '' && <p className="mb-1">{description}</p>}
      <p className="text-muted">
        {event_types.length === 0 ? 'All events' : event_types.join(', ')}, payload {payload}
        {rate_per_second !== null && `, at most ${rate_per_second} a second`}, since{' '}
        <Instant at={created_at} />
      </p>
      <div className="mt-4 flex flex-wrap items-start gap-2">
        {mayWrite && enabled && <TestWebhook id={id} />}
        {isAdmin && <WebhookSecret id={id} />}
        {mayWrite && (
          <>
            <EditWebhook webhook={webhook} />
            <Button busy={update.isPending} onClick={() => update.mutate({ enabled: !enabled })}>
              {enabled ? 'Turn off endpoint' : 'Turn on endpoint'}
            </Button>
            <DeleteWebhook webhook={webhook} />
          </>
        )}
      </div>
      <p role="alert" className="mt-2 text-xs text-failed-ink empty:hidden">
        {update.error !== null && findFailure(update.error).detail}
      </p>
    </Card>
  )
}

function Deliveries({ id }: { id: string }) {
  const { data: deliveries, error, refetch } = useEndpointDeliveries(id)
  if (deliveries === undefined) {
    return error === null ? (
      <Skeleton what="the deliveries" />
    ) : (
      <Failed what="The deliveries" error={error} retry={() => void refetch()} />
    )
  }
  return (
    <section aria-labelledby="newest-deliveries">
      <header className="mb-2 flex items-baseline gap-3">
        <h2 id="newest-deliveries" className="text-sm">
          Newest deliveries
        </h2>
        <Link to="/deliveries" search={{ endpoint: id }} className="text-xs text-accent underline">
          All deliveries to this endpoint
        </Link>
      </header>
      {deliveries.length === 0 ? (
        <p className="rounded-card border border-border bg-surface p-4 text-muted">
          Nothing was sent here yet; the next event is.
        </p>
      ) : (
        <DeliveryTable deliveries={deliveries} showsEndpoint={false} />
      )}
    </section>
  )
}
