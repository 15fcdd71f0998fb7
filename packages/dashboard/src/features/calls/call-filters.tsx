import { callStatuses } from '@bookend/contract'
import { Search, X } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { CALL_WORDS } from './call-status.tsx'
import type { CallsSearch } from './search.ts'

interface CallFiltersProps {
  search: CallsSearch
  onChange: (search: CallsSearch) => void
}

export function CallFilters({ search, onChange }: CallFiltersProps) {
  const id = useId()
  const { status, from } = search

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget).get('from')
    const number = typeof typed === 'string' ? typed.trim() : ''
    onChange({ ...(status && { status }), ...(number !== '' && { from: number }) })
  }

  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <search>
        <form onSubmit={submit} className="flex items-center gap-1">
          <label htmlFor={`${id}-from`} className="sr-only">
            From number, exact
          </label>
          <div className="relative">
            <Search
              aria-hidden="true"
              className="pointer-events-none absolute top-2 left-2 size-4 text-muted"
            />
            <input
              key={from ?? ''}
              id={`${id}-from`}
              name="from"
              type="search"
              inputMode="tel"
              defaultValue={from}
              placeholder="From, exact number"
              className="h-8 w-52 rounded-control border border-control bg-surface pr-2 pl-8 placeholder:text-muted"
            />
          </div>
          <Button type="submit">Find</Button>
        </form>
      </search>
      <label htmlFor={`${id}-status`} className="sr-only">
        Status
      </label>
      <select
        id={`${id}-status`}
        value={status ?? ''}
        onChange={({ target }) => {
          const next = callStatuses.find((each) => each === target.value)
          onChange({ ...(from !== undefined && { from }), ...(next && { status: next }) })
        }}
        className="h-8 rounded-control border border-control bg-surface px-2"
      >
        <option value="">Any status</option>
        {callStatuses.map((each) => (
          <option key={each} value={each}>
            {CALL_WORDS[each]}
          </option>
        ))}
      </select>
      {(status !== undefined || from !== undefined) && (
        <Button look="quiet" onClick={() => onChange({})}>
          <X className="size-4" aria-hidden="true" />
          Clear filters
        </Button>
      )}
    </div>
  )
}
