import type { Agent } from '@bookend/contract'
import { Field } from '../../ui/field.tsx'

interface AgentSelectProps {
  label: string
  agents: readonly Agent[]
  value: string
  /** What nobody being chosen means. */
  none: string
  help?: string
  error?: string | undefined
  onChange: (id: string) => void
}

export function AgentSelect(props: AgentSelectProps) {
  const { label, agents, value, none, help, error, onChange } = props
  return (
    <Field label={label} error={error} {...(help === undefined ? {} : { help })}>
      {(control) => (
        <select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">{none}</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
