import { type ReactNode, useId } from 'react'
import { join } from './join.ts'

/** What ties a control to its label, help and error. */
interface ControlProps {
  id: string
  'aria-describedby': string
  'aria-invalid': boolean
  className: string
}

interface FieldProps {
  label: string
  help?: ReactNode
  error?: string | undefined
  children: (control: ControlProps) => ReactNode
}

/** A labelled control with its help under it and what is wrong with it beside it. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId()
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-xs font-semibold">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': `${id}-error ${id}-help`,
        'aria-invalid': error !== undefined,
        className: join(
          'w-full rounded-control border bg-surface px-2 py-1 disabled:bg-sunken disabled:text-muted',
          error === undefined ? 'border-control' : 'border-failed-bar',
        ),
      })}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-xs text-failed-ink">
          {error}
        </p>
      )}
      {help !== undefined && (
        <div id={`${id}-help`} className="text-xs text-muted">
          {help}
        </div>
      )}
    </div>
  )
}

interface CheckProps {
  label: string
  help?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Check({ label, help, checked, onChange }: CheckProps) {
  const id = useId()
  return (
    <div className="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-2">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 accent-accent"
      />
      <label htmlFor={id} className="min-h-6">
        {label}
      </label>
      {help !== undefined && (
        <div id={`${id}-help`} className="col-start-2 text-xs text-muted">
          {help}
        </div>
      )}
    </div>
  )
}
