import type { Connection, Connector } from '@bookend/contract'
import { useState } from 'react'
import { AccountForm } from './account-form.tsx'
import { renderPatch } from './connection-form.ts'
import { useUpdateConnection } from './queries.ts'

interface EditConnectionProps {
  connection: Connection
  connector: Connector
}

export function EditConnection({ connection, connector }: EditConnectionProps) {
  const update = useUpdateConnection(connection.name)
  const [isOpen, setIsOpen] = useState(connection.status !== 'ok')
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
      className="rounded-card border border-border bg-surface px-4 py-3"
    >
      <summary className="font-semibold">Change settings or credential</summary>
      <AccountForm
        // What was saved is what the form begins with again, without the secret that was typed.
        key={connection.version}
        connector={connector}
        stored={{ settings: connection.settings, auth: connection.auth }}
        action="Save changes"
        busy={update.isPending}
        error={update.error}
        onSubmit={({ settings, ...rest }) =>
          update.mutate({ settings: renderPatch(connection.settings, settings), ...rest })
        }
      />
    </details>
  )
}
