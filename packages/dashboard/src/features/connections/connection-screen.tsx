import type { Connection } from '@bookend/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PauseButton } from '../pauses/pause-button.tsx'
import { PausedNotice } from '../pauses/paused-notice.tsx'
import { useMay } from '../session/may.ts'
import { CheckConnection } from './check-connection.tsx'
import { labelOf } from './connection-form.ts'
import { ConnectionHealth } from './connection-health.tsx'
import { ConnectionStatus, explainStatus } from './connection-status.tsx'
import { DeleteConnection } from './delete-connection.tsx'
import { EditConnection } from './edit-connection.tsx'
import { useConnection, useConnectors } from './queries.ts'

const route = getRouteApi('/connections/$connector/$connection')

export function ConnectionScreen() {
  const params = route.useParams()
  const name = `${params.connector}/${params.connection}`
  const { data: connection, error, refetch } = useConnection(name)
  return (
    <>
      <PageTitle
        title={name}
        tabTitle={name}
        above={
          <Link to="/connections" className="hover:text-text hover:underline">
            Connections
          </Link>
        }
      >
        <PauseButton subject={{ kind: 'connection', name }} />
      </PageTitle>
      {connection !== undefined ? (
        <Ready connection={connection} />
      ) : error === null ? (
        <Skeleton what="the connection" />
      ) : (
        <Failed what="The connection" error={error} retry={() => void refetch()} />
      )}
    </>
  )
}

function Ready({ connection }: { connection: Connection }) {
  const { data: connectors = [] } = useConnectors()
  const isAdmin = useMay('admin')
  const connector = connectors.find(({ id }) => id === connection.connector)
  const why = explainStatus(connection)
  const isStored = connection.origin === 'stored'
  return (
    <div className="grid grid-cols-1 gap-4">
      <PausedNotice subject={{ kind: 'connection', name: connection.name }} />
      {why !== null && (
        <Notice
          state={connection.status === 'needs_attention' ? 'failed' : 'human'}
          title={connection.status === 'needs_attention' ? 'Refused' : 'Needs its credential'}
        >
          <p>{why}</p>
        </Notice>
      )}
      <AccountCard connection={connection} label={connector?.label} />
      {isAdmin && isStored && connector !== undefined && (
        <EditConnection connection={connection} connector={connector} />
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <ConnectionHealth connection={connection} />
        <UsedBy connection={connection} />
      </div>
      {isAdmin && isStored && (
        <div>
          <DeleteConnection connection={connection} />
        </div>
      )}
    </div>
  )
}

interface AccountCardProps {
  connection: Connection
  label: string | undefined
}

function AccountCard({ connection, label }: AccountCardProps) {
  const { settings, auth, origin, updated_at } = connection
  const mayCheck = useMay('write')
  const facts = [
    ...Object.entries(settings).map(([name, value]) => [
      labelOf(name),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
    ...(auth?.kind === undefined || auth.kind === null ? [] : [['Sign in', labelOf(auth.kind)]]),
    ...Object.entries(auth?.fields ?? {}).map(([name, value]) => [labelOf(name), value]),
  ]
  return (
    <Card title={label ?? 'Account'} aside={<ConnectionStatus connection={connection} />}>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 font-mono [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
        {auth === null && (
          <div className="contents">
            <dt className="text-muted">Credential</dt>
            <dd>none</dd>
          </div>
        )}
      </dl>
      <p className="mt-3 text-xs text-muted">
        {origin === 'file' || updated_at === null ? (
          'From bookend.config.ts, and changed there.'
        ) : (
          <>
            Saved <Instant at={updated_at} />. Workflows use it from then on.
          </>
        )}
      </p>
      {mayCheck && (
        <div className="mt-4">
          <CheckConnection name={connection.name} />
        </div>
      )}
    </Card>
  )
}

function UsedBy({ connection: { used_by } }: { connection: Connection }) {
  return (
    <Card title="Used by" flush>
      {used_by.length === 0 ? (
        <p className="p-4 text-muted">No workflow uses it.</p>
      ) : (
        <ul className="divide-y divide-border">
          {used_by.map(({ workflow, as, kind }) => (
            <li key={`${workflow} ${as}`} className="flex flex-wrap gap-x-3 px-4 py-2">
              <Link
                to="/workflows/$name"
                params={{ name: workflow }}
                className="text-accent underline"
              >
                {workflow}
              </Link>
              <span className="text-muted">
                {kind}, as <code className="font-mono">{as}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
