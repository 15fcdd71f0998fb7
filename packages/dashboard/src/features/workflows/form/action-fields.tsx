import type { Connector, Json } from '@bookend/contract'
import type { ReactNode } from 'react'
import { Field } from '../../../ui/field.tsx'
import { readFields } from '../../connections/connection-form.ts'
import { useConnectors } from '../../connections/queries.ts'
import { EditField } from './edit-field.tsx'
import { readInput, showInput } from './input-text.ts'
import { asRecord, type StepShape } from './read-step.ts'

interface ActionFieldsProps {
  shape: StepShape
  onSet: (path: readonly string[], value: Json | undefined) => void
  picker: (pick: (expression: string) => void) => ReactNode
}

/** Which action of which connection, and its input by the action's own schema. */
export function ActionFields({ shape, onSet, picker }: ActionFieldsProps) {
  const { data: connectors = [] } = useConnectors()
  const { fields, path, connections, isPreCall } = shape
  const isReadOnly = isPreCall && path[0] === 'steps'
  const actions = findActions(connectors, connections, isReadOnly)
  const use = showInput(fields['use'])
  const schema = actions.find(({ name }) => name === use)?.input ?? null
  const given = asRecord(fields['with'])
  return (
    <>
      <Field
        label="Action"
        help={isReadOnly && 'Before the call only actions that read may be used.'}
      >
        {(control) => (
          <select {...control} value={use} onChange={({ target }) => onSet(['use'], target.value)}>
            {!actions.some(({ name }) => name === use) && <option>{use}</option>}
            {actions.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      {(schema === null ? [] : readFields(schema)).map((field) => (
        <EditField
          key={`${field.name} ${showInput(given[field.name])}`}
          label={field.isRequired ? field.label : `${field.label} (optional)`}
          help={field.help}
          value={showInput(given[field.name])}
          isLong={field.kind === 'text' || field.kind === 'json'}
          choices={field.kind === 'tick' ? ['true', 'false'] : field.choices}
          placeholder={field.standard}
          read={(typed) => readInput(field.kind, typed)}
          onCommit={(value) => onSet(['with', field.name], value)}
          picker={(pick) => picker((expression) => pick(`\${{ ${expression} }}`))}
        />
      ))}
    </>
  )
}

interface Action {
  /** As `use` says it. */
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

function findActions(
  connectors: readonly Connector[],
  connections: Readonly<Record<string, string>>,
  isReadOnly: boolean,
): readonly Action[] {
  return Object.entries(connections).flatMap(([local, connection]) => {
    const connector = connectors.find(({ id }) => id === connection.split('/')[0])
    return (connector?.actions ?? [])
      .filter(({ effect }) => !isReadOnly || effect === 'read')
      .map(({ name, input }) => ({ name: `${local}.${name}`, input }))
  })
}
