import { useId } from 'react'
import { Field } from '../../ui/field.tsx'
import { useWorkflows } from '../workflows/queries.ts'

interface TargetFieldProps {
  value: string
  error: string | undefined
  onChange: (target: string) => void
}

/** One field says where the workflow lives: hosted here, or at an address of its own. */
export function TargetField({ value, error, onChange }: TargetFieldProps) {
  const { data: workflows = [] } = useWorkflows()
  const listId = useId()
  const hosted = workflows.filter(({ kind }) => kind === 'pre-call')
  return (
    <Field
      label="Workflow"
      error={error}
      help={
        <>
          <code className="font-mono">workflow:name</code> for one that runs here, or the https
          address of your own endpoint.
        </>
      }
    >
      {(control) => (
        <>
          <input
            {...control}
            list={listId}
            spellCheck={false}
            placeholder="workflow:support-intake"
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={listId}>
            {hosted.map(({ name }) => (
              <option key={name} value={`workflow:${name}`}>
                {name}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}
