import type { Connector } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { type Account, AccountForm } from './account-form.tsx'
import { errorsByPath } from './errors-by-path.ts'
import { paramsOf, useCreateConnection } from './queries.ts'

interface CreateConnectionProps {
  connectors: readonly Connector[]
  /** Nothing is connected yet, so there is nothing else to do here. */
  isOpen: boolean
}

export function CreateConnection({ connectors, isOpen }: CreateConnectionProps) {
  const [chosen, setChosen] = useState('')
  const [own, setOwn] = useState('main')
  const create = useCreateConnection()
  const navigate = useNavigate()
  const connector = connectors.find(({ id }) => id === chosen) ?? connectors[0]
  if (connector === undefined) return null

  const submit = ({ settings, auth = null }: Account): void =>
    create.mutate(
      { name: `${connector.id}/${own.trim()}`, settings, auth },
      {
        onSuccess: ({ name }) =>
          void navigate({ to: '/connections/$connector/$connection', params: paramsOf(name) }),
      },
    )

  return (
    <details open={isOpen} className="mb-4 rounded-card border border-border bg-surface px-4 py-3">
      <summary className="font-semibold">Connect a system</summary>
      <div className="mt-3 max-w-2xl">
        <Field label="System">
          {(control) => (
            <select
              {...control}
              value={connector.id}
              onChange={({ target }) => {
                setChosen(target.value)
                create.reset()
              }}
            >
              {connectors.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <AccountForm
        key={connector.id}
        connector={connector}
        action={`Connect ${connector.label}`}
        busy={create.isPending}
        error={create.error}
        onSubmit={submit}
      >
        <Field
          label="Name"
          error={errorsByPath(create.error).get('name')}
          help={
            <>
              Workflows use it as <code className="font-mono">{`${connector.id}/${own}`}</code>.
            </>
          }
        >
          {(control) => (
            <input {...control} value={own} onChange={({ target }) => setOwn(target.value)} />
          )}
        </Field>
      </AccountForm>
    </details>
  )
}
