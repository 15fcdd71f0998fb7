import { deliveryStatuses, ownEventTypes } from '@bookend/contract'
import { X } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { useWebhooks } from '../webhooks/queries.ts'
import { DELIVERY_WORDS } from './delivery-words.ts'
import type { DeliveriesSearch } from './search.ts'

interface DeliveryFiltersProps {
  search: DeliveriesSearch
  onChange: (search: DeliveriesSearch) => void
}

const CONTROL = 'h-8 min-w-0 rounded-control border border-control bg-surface px-2'

export function DeliveryFilters({ search, onChange }: DeliveryFiltersProps) {
  const id = useId()
  const { data: webhooks = [] } = useWebhooks()
  const { status, endpoint, type } = search

  const change = (patch: { [K in keyof DeliveriesSearch]: DeliveriesSearch[K] | undefined }) => {
    const given = Object.entries({ ...search, ...patch }).filter(
      ([, value]) => value !== undefined && value !== '',
    )
    onChange(Object.fromEntries(given))
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget).get('type')
    change({ type: typeof typed === 'string' ? typed.trim() : '' })
  }

  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <label htmlFor={`${id}-status`} className="sr-only">
        Status
      </label>
      <select
        id={`${id}-status`}
        value={status ?? ''}
        onChange={({ target }) =>
          change({ status: deliveryStatuses.find((each) => each === target.value) })
        }
        className={CONTROL}
      >
        <option value="">Any status</option>
        {deliveryStatuses.map((each) => (
          <option key={each} value={each}>
            {DELIVERY_WORDS[each]}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-endpoint`} className="sr-only">
        Endpoint
      </label>
      <select
        id={`${id}-endpoint`}
        value={endpoint ?? ''}
        onChange={({ target }) => change({ endpoint: target.value })}
        className={`${CONTROL} max-w-72`}
      >
        <option value="">All endpoints</option>
        {webhooks.map((webhook) => (
          <option key={webhook.id} value={webhook.id}>
            {webhook.url}
          </option>
        ))}
        {endpoint !== undefined && !webhooks.some((webhook) => webhook.id === endpoint) && (
          <option value={endpoint}>An endpoint that is gone</option>
        )}
      </select>
      <form onSubmit={submit} className="flex gap-1">
        <label htmlFor={`${id}-type`} className="sr-only">
          Event type
        </label>
        <input
          key={type ?? ''}
          id={`${id}-type`}
          name="type"
          list={`${id}-types`}
          defaultValue={type}
          placeholder="Event type"
          className={`${CONTROL} w-48 placeholder:text-muted`}
        />
        <datalist id={`${id}-types`}>
          {ownEventTypes.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </datalist>
        <Button type="submit">Find</Button>
      </form>
      {(status ?? endpoint ?? type) !== undefined && (
        <Button look="quiet" onClick={() => onChange({})}>
          <X className="size-4" aria-hidden="true" />
          Clear filters
        </Button>
      )}
    </search>
  )
}
