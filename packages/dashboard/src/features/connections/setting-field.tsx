import { Check, Field } from '../../ui/field.tsx'
import type { FormField } from './connection-form.ts'

interface SettingFieldProps {
  field: FormField
  value: string | boolean | undefined
  error: string | undefined
  onChange: (value: string | boolean) => void
}

export function SettingField({ field, value, error, onChange }: SettingFieldProps) {
  const { label, isRequired, standard, kind } = field
  if (kind === 'tick') {
    const help = field.help === null ? {} : { help: field.help }
    const checked = typeof value === 'boolean' ? value : standard === 'true'
    return <Check label={label} checked={checked} onChange={onChange} {...help} />
  }
  const text = typeof value === 'string' ? value : ''
  const name = isRequired || standard !== '' ? label : `${label} (optional)`
  const help = helpOf(field)
  return (
    <Field label={name} error={error} {...(help === null ? {} : { help })}>
      {(control) =>
        kind === 'choice' ? (
          <select
            {...control}
            value={text === '' ? standard : text}
            onChange={({ target }) => onChange(target.value)}
          >
            {standard === '' && <option value="">Choose</option>}
            {field.choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : kind === 'text' || kind === 'json' ? (
          <textarea
            {...control}
            rows={3}
            spellCheck={false}
            placeholder={standard}
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        ) : (
          <input
            {...control}
            type={field.isSecret ? 'password' : 'text'}
            autoComplete={field.isSecret ? 'new-password' : 'off'}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            placeholder={standard}
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  )
}

function helpOf({ help, isSecret, kind }: FormField): string | null {
  if (help !== null) return help
  if (kind === 'json') return 'As JSON.'
  return isSecret ? 'Kept encrypted. Once saved, it can be replaced but not read.' : null
}
