import { useId } from 'react'
import { Check, Field } from '../../ui/field.tsx'
import type { FormField } from './form-fields.ts'

interface AnswerFieldProps {
  field: FormField
  value: string | boolean | undefined
  error: string | undefined
  onChange: (value: string | boolean) => void
}

export function AnswerField({ field, value, error, onChange }: AnswerFieldProps) {
  const { label, help, isRequired } = field
  const text = typeof value === 'string' ? value : ''
  const name = isRequired ? label : `${label} (optional)`
  if (field.kind === 'choice') {
    return <Choice {...{ field, error, onChange, name }} value={text} choices={field.choices} />
  }
  if (field.kind === 'tick') {
    const extra = help === null ? {} : { help }
    return <Check label={label} checked={value === true} onChange={onChange} {...extra} />
  }
  const described = { label: name, ...(help === null ? {} : { help }), error }
  return (
    <Field {...described}>
      {(control) =>
        field.kind === 'text' || field.kind === 'json' ? (
          <textarea
            {...control}
            rows={3}
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        ) : (
          <input
            {...control}
            inputMode={field.kind === 'number' ? 'decimal' : 'text'}
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  )
}

interface ChoiceProps {
  field: FormField
  name: string
  choices: readonly string[]
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

/** Radio buttons, which the arrow keys walk through. */
function Choice({ field, name, choices, value, error, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <fieldset aria-describedby={`${id}-error ${id}-help`} aria-invalid={error !== undefined}>
      <legend className="mb-1 text-xs font-semibold">{name}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {choices.map((choice) => (
          <label key={choice} className="flex min-h-8 items-center gap-2">
            <input
              type="radio"
              name={`${id}-${field.name}`}
              value={choice}
              checked={value === choice}
              onChange={() => onChange(choice)}
              className="size-4 accent-accent"
            />
            {choice}
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-xs text-failed-ink">
          {error}
        </p>
      )}
      {field.help !== null && (
        <p id={`${id}-help`} className="text-xs text-muted">
          {field.help}
        </p>
      )}
    </fieldset>
  )
}
