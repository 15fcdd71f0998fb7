import type { Delivery } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { STATE_OF_DELIVERY } from '../../theme/states.ts'
import { Instant } from '../../ui/instant.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useWebhooks } from '../webhooks/queries.ts'
import { DELIVERY_WORDS, renderTries } from './delivery-words.ts'

interface DeliveryTableProps {
  deliveries: readonly Delivery[]
  /** Left out where the screen is about one endpoint. */
  showsEndpoint?: boolean
}

export function DeliveryTable({ deliveries, showsEndpoint = true }: DeliveryTableProps) {
  const { data: webhooks = [] } = useWebhooks()
  const urls = new Map(webhooks.map(({ id, url }) => [id, url]))
  return (
    <TableFrame label="Deliveries, newest first">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Event</th>
          {showsEndpoint && (
            <th scope="col" className="max-md:hidden">
              Endpoint
            </th>
          )}
          <th scope="col" className="max-sm:hidden">
            Tries
          </th>
          <th scope="col" className="max-lg:hidden">
            Next try
          </th>
          <th scope="col" className="max-sm:hidden">
            Made
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id} className="relative">
            <td>
              <StateBadge state={STATE_OF_DELIVERY[delivery.status]}>
                {DELIVERY_WORDS[delivery.status]}
              </StateBadge>
            </td>
            <td>
              <Link
                to="/deliveries/$id"
                params={{ id: delivery.id }}
                data-row
                className="font-mono text-xs font-semibold [overflow-wrap:anywhere] after:absolute after:inset-0"
              >
                {delivery.event_type}
              </Link>
              <span className="block text-xs text-muted sm:hidden">
                <Instant at={delivery.created_at} />, {renderTries(delivery)}
              </span>
            </td>
            {showsEndpoint && (
              <td className="max-w-72 truncate text-muted max-md:hidden">
                {urls.get(delivery.webhook_id) ?? 'no longer subscribed'}
              </td>
            )}
            <td className="max-w-80 text-xs [overflow-wrap:anywhere] max-sm:hidden">
              {renderTries(delivery)}
            </td>
            <td className="text-muted max-lg:hidden">
              {delivery.next_attempt_at === null ? '–' : <Instant at={delivery.next_attempt_at} />}
            </td>
            <td className="text-muted max-sm:hidden">
              <Instant at={delivery.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  )
}
