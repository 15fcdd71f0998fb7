import type { Agent } from '@bookend/contract'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { AgentSelect } from './agent-select.tsx'

export interface AgentRow {
  readonly theirs: string
  readonly ours: string
}

interface AgentRowsProps {
  agents: readonly Agent[]
  rows: readonly AgentRow[]
  errorOf: (path: string) => string | undefined
  onChange: (rows: readonly AgentRow[]) => void
}

/** Which agent here answers for which of the platform's. */
export function AgentRows({ agents, rows, errorOf, onChange }: AgentRowsProps) {
  const change = (at: number, patch: Partial<AgentRow>): void =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...patch } : row)))
  return (
    <fieldset className="grid gap-3 rounded-control border border-border p-3">
      <legend className="px-1 text-xs font-semibold">The platform’s agents</legend>
      {rows.map(({ theirs, ours }, at) => (
        <div key={at} className="grid items-end gap-2 sm:grid-cols-[1fr_1fr_auto]">
          <Field label={`Its agent ${at + 1}`}>
            {(control) => (
              <input
                {...control}
                value={theirs}
                placeholder="id or name on the platform"
                onChange={({ target }) => change(at, { theirs: target.value })}
              />
            )}
          </Field>
          <AgentSelect
            label={`Agent ${at + 1} here`}
            agents={agents}
            value={ours}
            none="Choose"
            error={errorOf(`agents.${theirs}`)}
            onChange={(value) => change(at, { ours: value })}
          />
          <Button look="quiet" onClick={() => onChange(rows.filter((_, index) => index !== at))}>
            Remove <span className="sr-only">agent {at + 1}</span>
          </Button>
        </div>
      ))}
      <div className="grid justify-items-start gap-1">
        <Button onClick={() => onChange([...rows, { theirs: '', ours: '' }])}>Add an agent</Button>
        <p className="text-xs text-muted">
          For several agents on the platform. A workflow that routes to one of yours is told to the
          platform by its own name.
        </p>
      </div>
    </fieldset>
  )
}
