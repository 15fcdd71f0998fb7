import { ownEventTypes } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Check, Field } from '../../ui/field.tsx'
import { useCreateWebhook } from './queries.ts'

const NONE: ReadonlySet<string> = new Set()

export function CreateWebhook() {
  const [url, setUrl] = useState('')
  const [types, setTypes] = useState(NONE)
  const [isFull, setIsFull] = useState(false)
  const create = useCreateWebhook()
  const navigate = useNavigate()
  const errors = findFieldErrors(create.error)
  const other =
    create.error !== null && errors.get('url') === undefined
      ? findFailure(create.error).detail
      : undefined

  const toggle = (type: string): void => {
    const next = new Set(types)
    if (!next.delete(type)) next.add(type)
    setTypes(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(
      { url: url.trim(), event_types: [...types], payload: isFull ? 'full' : 'thin' },
      { onSuccess: ({ id }) => void navigate({ to: '/webhooks/$id', params: { id } }) },
    )
  }

  return (
    <details className="mb-4 rounded-card border border-border bg-surface px-4 py-3">
      <summary className="font-semibold">Subscribe an endpoint</summary>
      <form noValidate onSubmit={submit} className="mt-3 grid max-w-2xl gap-4">
        <Field label="URL" error={errors.get('url') ?? other}>
          {(control) => (
            <input
              {...control}
              inputMode="url"
              placeholder="https://example.com/bookend"
              value={url}
              onChange={({ target }) => setUrl(target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="text-xs font-semibold">Events</legend>
          <p className="mt-1 text-xs text-muted">None ticked means all of them.</p>
          <div className="mt-2 grid gap-1 sm:grid-cols-2">
            {ownEventTypes.map((type) => (
              <Check
                key={type}
                label={type}
                checked={types.has(type)}
                onChange={() => toggle(type)}
              />
            ))}
          </div>
        </fieldset>
        <Check
          label="Send the whole call"
          checked={isFull}
          onChange={setIsFull}
          help="Otherwise an event holds ids only, and the endpoint reads the rest from the API."
        />
        <div>
          <Button type="submit" look="primary" busy={create.isPending}>
            Subscribe endpoint
          </Button>
        </div>
      </form>
    </details>
  )
}
