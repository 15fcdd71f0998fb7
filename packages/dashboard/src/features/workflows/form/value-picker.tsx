import { useState } from 'react'
import { findFailure } from '../../../api/failure.ts'
import { Instant } from '../../../ui/instant.tsx'
import { useCallOf, useRun, useRuns } from '../queries.ts'
import { valuesOfRun } from './values-of-run.ts'

interface ValuePickerProps {
  workflow: string
  step: string
  onPick: (expression: string) => void
}

/** What the newest run had; picking a value writes the expression that reads it. */
export function ValuePicker({ workflow, step, onPick }: ValuePickerProps) {
  const [sought, setSought] = useState('')
  const runs = useRuns(workflow)
  const newest = runs.data?.find(({ status }) => status !== 'queued' && status !== 'suppressed')
  const run = useRun(newest?.id)
  const call = useCallOf(newest?.call_id ?? null)
  const error = runs.error ?? run.error ?? call.error
  if (error !== null) {
    return (
      <p role="alert" className="mt-1 text-xs text-failed-ink">
        {findFailure(error).title}.
      </p>
    )
  }
  if (runs.data !== undefined && newest === undefined) {
    return (
      <p className="mt-1 text-xs text-muted">
        It has not run yet; after the next run its values are here.
      </p>
    )
  }
  if (run.data === undefined || (newest?.call_id != null && call.data === undefined)) {
    return <output className="mt-1 block text-xs text-muted">Loading the newest run</output>
  }
  const word = sought.trim().toLowerCase()
  const values = valuesOfRun(run.data, call.data ?? null, step).filter(({ expression, shown }) =>
    `${expression} ${shown}`.toLowerCase().includes(word),
  )
  return (
    <div className="mt-1 rounded-control border border-border bg-sunken p-2">
      <label className="grid gap-1 text-xs">
        <span className="text-muted">
          Values of the run at <Instant at={run.data.started_at} />
        </span>
        <input
          type="search"
          placeholder="Filter"
          value={sought}
          onChange={({ target }) => setSought(target.value)}
          className="w-full rounded-control border border-control bg-surface px-2 py-1"
        />
      </label>
      <ul aria-label="Values" className="mt-1 max-h-48 overflow-y-auto">
        {values.map(({ expression, shown }) => (
          <li key={expression}>
            <button
              type="button"
              onClick={() => onPick(expression)}
              className="flex min-h-6 w-full flex-wrap gap-x-2 rounded-control px-1 text-left text-xs hover:bg-surface"
            >
              <code className="font-mono [overflow-wrap:anywhere]">{expression}</code>
              <span className="[overflow-wrap:anywhere] text-muted">{shown}</span>
            </button>
          </li>
        ))}
      </ul>
      {values.length === 0 && <p className="p-1 text-xs text-muted">No value has this in it.</p>}
    </div>
  )
}
