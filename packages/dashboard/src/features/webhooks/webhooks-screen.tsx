import type { Subscription } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { join } from '../../ui/join.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { useMay } from '../session/may.ts'
import { CreateWebhook } from './create-webhook.tsx'
import { EndpointState } from './endpoint-state.tsx'
import { renderHealthCount } from './health-count.ts'
import { useWebhooks } from './queries.ts'

export function WebhooksScreen() {
  const { data: webhooks, error, refetch } = useWebhooks()
  const mayWrite = useMay('write')
  return (
    <>
      <PageTitle title="Webhooks" />
      {mayWrite && webhooks !== undefined && <CreateWebhook isOpen={webhooks.length === 0} />}
      {webhooks === undefined ? (
        error === null ? (
          <Skeleton what="the webhooks" />
        ) : (
          <Failed what="The webhooks" error={error} retry={() => void refetch()} />
        )
      ) : webhooks.length === 0 ? (
        <Empty title="No endpoint is subscribed">
          <p>
            An endpoint is sent the events of calls, signed, and again until it answers with a 2xx.
          </p>
        </Empty>
      ) : (
        <TableFrame label="Webhooks">
          <thead>
            <tr>
              <th scope="col">Endpoint</th>
              <th scope="col">State</th>
              <th scope="col" className="text-right! max-sm:hidden">
                Waiting
              </th>
              <th scope="col" className="text-right! max-sm:hidden">
                Given up
              </th>
              <th scope="col" className="max-md:hidden">
                Events
              </th>
              <th scope="col" className="max-lg:hidden">
                Payload
              </th>
            </tr>
          </thead>
          <tbody>
            {webhooks.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

function WebhookRow({ webhook }: { webhook: Subscription }) {
  const { id, url, description, disabled_reason, warning, event_types, payload, health } = webhook
  const why = disabled_reason ?? warning
  return (
    <tr className="relative">
      <td>
        <Link
          to="/webhooks/$id"
          params={{ id }}
          data-row
          className="font-semibold [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {url}
        </Link>
        {description !== '' && <span className="block text-xs text-muted">{description}</span>}
      </td>
      <td>
        <EndpointState webhook={webhook} />
        {why !== null && <span className="mt-1 block text-xs text-failed-ink">{why}</span>}
      </td>
      <td className="text-right max-sm:hidden">{renderHealthCount(health?.waiting ?? 0)}</td>
      <td
        className={join('text-right max-sm:hidden', (health?.dead ?? 0) > 0 && 'text-failed-ink')}
      >
        {renderHealthCount(health?.dead ?? 0)}
      </td>
      <td className="max-md:hidden">
        {event_types.length === 0 ? (
          <span className="text-muted">all events</span>
        ) : (
          <code className="font-mono text-xs">{event_types.join(', ')}</code>
        )}
      </td>
      <td className="max-lg:hidden">{payload}</td>
    </tr>
  )
}
