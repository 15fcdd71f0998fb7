import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { SettingField } from '../connections/setting-field.tsx'
import type { GroupEntry, OptionGroup as Group } from './options-form.ts'

interface OptionGroupProps {
  group: Group
  entry: GroupEntry | null
  /** Something is stored, which stays unless it is replaced. */
  isStored: boolean
  errorOf: (path: string) => string | undefined
  onChange: (entry: GroupEntry | null) => void
}

export function OptionGroup({ group, entry, isStored, errorOf, onChange }: OptionGroupProps) {
  const { field, kinds } = group
  const kind = kinds.find(({ id }) => id === entry?.kind)
  const error = errorOf(field.name)
  return (
    <fieldset className="grid gap-4 rounded-control border border-border p-3">
      <legend className="px-1 text-xs font-semibold">{field.label}</legend>
      {entry === null || kind === undefined ? (
        <div className="grid justify-items-start gap-1">
          <Button onClick={() => onChange({ kind: kinds[0]?.id ?? '', values: {} })}>
            {isStored ? 'Replace' : 'Set'} {field.label.toLowerCase()}
          </Button>
          <p className="text-xs text-muted">
            {isStored ? 'What is stored stays.' : 'Nothing is stored.'}
          </p>
        </div>
      ) : (
        <>
          <Field label="Kind">
            {(control) => (
              <select
                {...control}
                value={kind.id}
                onChange={({ target }) => onChange({ kind: target.value, values: {} })}
              >
                {kinds.map(({ id, label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {kind.fields.map((inner) => (
            <SettingField
              key={`${kind.id}.${inner.name}`}
              field={inner}
              value={entry.values[inner.name]}
              error={errorOf(`${field.name}.${inner.name}`)}
              onChange={(value) =>
                onChange({ kind: kind.id, values: { ...entry.values, [inner.name]: value } })
              }
            />
          ))}
        </>
      )}
      {error !== undefined && (
        <p role="alert" className="text-xs text-failed-ink">
          {error}
        </p>
      )}
    </fieldset>
  )
}
