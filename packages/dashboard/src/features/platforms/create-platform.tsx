import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { PlatformForm } from './platform-form.tsx'
import { type Adapter, paramsOf, useCreatePlatform } from './queries.ts'
import { errorsOf } from './refusals.ts'

interface CreatePlatformProps {
  adapters: readonly Adapter[]
  /** Nothing is connected yet, so there is nothing else to do here. */
  isOpen: boolean
}

export function CreatePlatform({ adapters, isOpen }: CreatePlatformProps) {
  const [chosen, setChosen] = useState('')
  const [own, setOwn] = useState('main')
  const create = useCreatePlatform()
  const navigate = useNavigate()
  const adapter = adapters.find(({ platform }) => platform === chosen) ?? adapters[0]
  if (adapter === undefined) return null
  const { platform, label } = adapter
  return (
    <details open={isOpen} className="mb-4 rounded-card border border-border bg-surface px-4 py-3">
      <summary className="font-semibold">Connect a platform</summary>
      <div className="mt-3 max-w-2xl">
        <Field label="Platform">
          {(control) => (
            <select
              {...control}
              value={platform}
              onChange={({ target }) => {
                setChosen(target.value)
                create.reset()
              }}
            >
              {adapters.map((one) => (
                <option key={one.platform} value={one.platform}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <PlatformForm
        key={platform}
        adapter={adapter}
        stored={null}
        action={`Connect ${label}`}
        busy={create.isPending}
        error={create.error}
        onSubmit={(draft) =>
          create.mutate(
            { platform, name: own.trim(), ...draft },
            {
              onSuccess: (made) =>
                void navigate({ to: '/platforms/$platform/$connection', params: paramsOf(made) }),
            },
          )
        }
      >
        <Field
          label="Name"
          error={errorsOf(create.error).get('name')}
          help={
            <>
              Part of its addresses:{' '}
              <code className="font-mono">{`/platforms/${platform}/${own}`}</code>
            </>
          }
        >
          {(control) => (
            <input {...control} value={own} onChange={({ target }) => setOwn(target.value)} />
          )}
        </Field>
      </PlatformForm>
    </details>
  )
}
