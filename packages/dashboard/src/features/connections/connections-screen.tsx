import type { Connection } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { Empty } from '../../ui/empty.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'
import { usePause } from '../pauses/queries.ts'
import { useMay } from '../session/may.ts'
import { ConnectionStatus, explainStatus, sortByNeed } from './connection-status.tsx'
import { CreateConnection } from './create-connection.tsx'
import { paramsOf, useConnections, useConnectors } from './queries.ts'

export function ConnectionsScreen() {
  const { data: connections, error, refetch } = useConnections()
  const { data: connectors = [] } = useConnectors()
  const isAdmin = useMay('admin')
  return (
    <>
      <PageTitle title="Connections" />
      {isAdmin && connections !== undefined && (
        <CreateConnection connectors={connectors} isOpen={connections.length === 0} />
      )}
      {connections === undefined ? (
        error === null ? (
          <Skeleton what="the connections" />
        ) : (
          <Failed what="The connections" error={error} retry={() => void refetch()} />
        )
      ) : connections.length === 0 ? (
        <Empty title="No system is connected">
          <p>
            Workflows look things up in other systems before a call, and write to them after it:{' '}
            {connectors.map(({ label }) => label).join(', ')}.
          </p>
        </Empty>
      ) : (
        <TableFrame label="Connections">
          <thead>
            <tr>
              <th scope="col">Connection</th>
              <th scope="col">State</th>
              <th scope="col" className="max-md:hidden">
                Last hour
              </th>
              <th scope="col" className="max-md:hidden">
                Last used
              </th>
              <th scope="col" className="max-sm:hidden">
                Used by
              </th>
            </tr>
          </thead>
          <tbody>
            {sortByNeed(connections).map((connection) => (
              <ConnectionRow
                key={connection.name}
                connection={connection}
                label={connectors.find(({ id }) => id === connection.connector)?.label}
              />
            ))}
          </tbody>
        </TableFrame>
      )}
    </>
  )
}

interface ConnectionRowProps {
  connection: Connection
  label: string | undefined
}

function ConnectionRow({ connection, label }: ConnectionRowProps) {
  const { name, origin, health, used_by } = connection
  const why = explainStatus(connection)
  const pause = usePause({ kind: 'connection', name })
  const { calls_last_hour: calls, failures_last_hour: failures } = health
  return (
    <tr className="relative">
      <td>
        <Link
          to="/connections/$connector/$connection"
          params={paramsOf(name)}
          data-row
          className="font-semibold [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {name}
        </Link>
        <span className="block text-xs text-muted">
          {label}
          {origin === 'file' && ', from bookend.config.ts'}
        </span>
      </td>
      <td>
        <ConnectionStatus connection={connection} />
        {pause !== null && (
          <span className="ml-1">
            <StateBadge state="wait">paused</StateBadge>
          </span>
        )}
        {why !== null && <span className="mt-1 block text-xs text-failed-ink">{why}</span>}
      </td>
      <td className="whitespace-nowrap max-md:hidden">
        {calls === 0 ? (
          <span className="text-muted">no calls</span>
        ) : (
          <span className={failures > 0 ? 'text-failed-ink' : ''}>
            {failures} of {calls} failed
          </span>
        )}
      </td>
      <td className="max-md:hidden">
        {health.last_used_at === null ? (
          <span className="text-muted">never</span>
        ) : (
          <Instant at={health.last_used_at} />
        )}
      </td>
      <td className="max-sm:hidden">
        {used_by.length === 0 ? (
          <span className="text-muted">nobody</span>
        ) : (
          [...new Set(used_by.map(({ workflow }) => workflow))].join(', ')
        )}
      </td>
    </tr>
  )
}
