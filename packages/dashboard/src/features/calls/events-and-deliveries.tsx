import type { Delivery, Trace } from '@bookend/contract'
import { Card } from '../../ui/card.tsx'
import { Instant } from '../../ui/instant.tsx'
import { DeliveryList } from '../deliveries/delivery-list.tsx'

interface EventsAndDeliveriesProps {
  events: Trace['events']
  deliveries: readonly Delivery[]
}

export function EventsAndDeliveries({ events, deliveries }: EventsAndDeliveriesProps) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      <Card title="Events" flush>
        {events.length === 0 ? (
          <p className="p-4 text-muted">
            None yet. A call that goes on brings call.started, and call.completed once it is over.
          </p>
        ) : (
          <ol className="divide-y divide-border">
            {events.map(({ event_id, event_type, created_at }) => (
              <li key={event_id} className="flex min-h-9 items-center gap-3 px-4">
                <span className="text-muted">
                  <Instant at={created_at} />
                </span>
                <code className="font-mono text-xs">{event_type}</code>
              </li>
            ))}
          </ol>
        )}
      </Card>
      <Card title="Deliveries" flush>
        {deliveries.length === 0 ? (
          <p className="p-4 text-muted">
            Nothing was sent to an endpoint. Endpoints subscribe on the Webhooks screen.
          </p>
        ) : (
          <DeliveryList deliveries={deliveries} />
        )}
      </Card>
    </div>
  )
}
