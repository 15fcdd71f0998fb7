import { type Route, type RouteName, routes } from '@bookend/contract'
import { X } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { Button } from '../../ui/button.tsx'
import type { SettingsSearch } from './search.ts'

interface AuditFiltersProps {
  search: SettingsSearch
  onChange: (search: SettingsSearch) => void
}

const CONTROL = 'h-8 min-w-0 rounded-control border border-control bg-surface px-2'

/** What can be in the log: every write of the API, and what shows a secret. */
const ACTIONS: readonly string[] = (Object.entries(routes) as [RouteName, Route][])
  .filter(([, { method, scope }]) => method !== 'GET' && scope !== null && scope !== 'calls')
  .map(([name]) => name)
  .concat('getWebhookSecret', 'getSigningSecret')
  .toSorted()

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = ['action', 'target', 'since'].flatMap((name) => {
      const value = form.get(name)
      const text = typeof value === 'string' ? value.trim() : ''
      return text === '' ? [] : [[name, text] as const]
    })
    onChange({ ...(search.key && { key: search.key }), ...Object.fromEntries(given) })
  }
  return (
    <search className="mb-3">
      <form
        // Typed values follow the address when it changes by a link.
        key={JSON.stringify(search)}
        onSubmit={submit}
        className="flex flex-wrap items-center gap-2"
      >
        <label htmlFor={`${id}-action`} className="sr-only">
          What was done
        </label>
        <select
          id={`${id}-action`}
          name="action"
          defaultValue={search.action ?? ''}
          className={CONTROL}
        >
          <option value="">Anything</option>
          {ACTIONS.map((action) => (
            <option key={action}>{action}</option>
          ))}
        </select>
        <label htmlFor={`${id}-target`} className="sr-only">
          On which id or name
        </label>
        <input
          id={`${id}-target`}
          name="target"
          defaultValue={search.target}
          placeholder="On which id or name"
          className={`${CONTROL} w-56 placeholder:text-muted`}
        />
        <label htmlFor={`${id}-since`} className="text-xs text-muted">
          since
        </label>
        <input
          id={`${id}-since`}
          name="since"
          type="date"
          defaultValue={search.since}
          className={CONTROL}
        />
        <Button type="submit">Find</Button>
        {Object.keys(search).length > 0 && (
          <Button look="quiet" onClick={() => onChange({})}>
            <X className="size-4" aria-hidden="true" />
            Clear filters
          </Button>
        )}
        {search.key !== undefined && (
          <span className="text-xs text-muted">
            by key <code className="font-mono">{search.key}</code>
          </span>
        )}
      </form>
    </search>
  )
}
