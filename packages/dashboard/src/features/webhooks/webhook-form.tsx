import { ownEventTypes } from '@bookend/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Check, Field } from '../../ui/field.tsx'
import { type Draft, type DraftFields, parseDraft } from './webhook-draft.ts'

interface WebhookFormProps {
  initial: Draft
  action: string
  busy: boolean
  error: unknown
  onSubmit: (fields: DraftFields) => void
  /** Beside the button. */
  children?: ReactNode
}

export function WebhookForm(props: WebhookFormProps) {
  const { initial, action, busy, error, onSubmit, children } = props
  const [draft, setDraft] = useState(initial)
  const [rateError, setRateError] = useState<string>()
  const errors = findFieldErrors(error)
  const isNamed = ['url', 'description', 'event_types', 'rate_per_second'].some((field) =>
    errors.has(field),
  )
  const other = error === null || isNamed ? undefined : findFailure(error).detail
  const change = (patch: Partial<Draft>): void => setDraft({ ...draft, ...patch })

  const toggle = (type: string): void => {
    const types = new Set(draft.types)
    if (!types.delete(type)) types.add(type)
    change({ types })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const parsed = parseDraft(draft)
    setRateError(parsed.ok ? undefined : parsed.rateError)
    if (parsed.ok) onSubmit(parsed.fields)
  }

  return (
    <form noValidate onSubmit={submit} className="grid max-w-2xl gap-4">
      <Field label="URL" error={errors.get('url') ?? other}>
        {(control) => (
          <input
            {...control}
            inputMode="url"
            placeholder="https://example.com/bookend"
            value={draft.url}
            onChange={({ target }) => change({ url: target.value })}
          />
        )}
      </Field>
      <Field label="Description" error={errors.get('description')}>
        {(control) => (
          <input
            {...control}
            value={draft.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="text-xs font-semibold">Events</legend>
        <p className="mt-1 text-xs text-muted">None ticked and none named means all of them.</p>
        <div className="mt-2 grid gap-1 sm:grid-cols-2">
          {ownEventTypes.map((type) => (
            <Check
              key={type}
              label={type}
              checked={draft.types.has(type)}
              onChange={() => toggle(type)}
            />
          ))}
        </div>
      </fieldset>
      <Field
        label="Events of your own"
        help="Types that you send in yourself, such as sms.received, with commas between."
        error={errors.get('event_types')}
      >
        {(control) => (
          <input
            {...control}
            value={draft.otherTypes}
            onChange={({ target }) => change({ otherTypes: target.value })}
          />
        )}
      </Field>
      <Field
        label="Most deliveries a second"
        help="Empty: as fast as the endpoint answers."
        error={rateError ?? errors.get('rate_per_second')}
      >
        {(control) => (
          <input
            {...control}
            inputMode="decimal"
            value={draft.rate}
            onChange={({ target }) => change({ rate: target.value })}
          />
        )}
      </Field>
      <Check
        label="Send the whole call"
        checked={draft.isFull}
        onChange={(isFull) => change({ isFull })}
        help="Otherwise an event holds ids only, and the endpoint reads the rest from the API."
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
        {children}
      </div>
    </form>
  )
}
