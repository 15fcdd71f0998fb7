import { useId } from 'react'
import { useVersions, useWorkflow } from '../workflows/queries.ts'
import type { Attempt } from './attempt.ts'

interface ChooseAttemptProps {
  workflow: string
  attempt: Attempt
  onChange: (attempt: Attempt) => void
}

const TEXT = 'text'

/** Which version is tried; a text of one's own begins as the one in use. */
export function ChooseAttempt({ workflow, attempt, onChange }: ChooseAttemptProps) {
  const id = useId()
  const { data: active } = useWorkflow(workflow)
  const { data: versions = [] } = useVersions(workflow)
  const earlier = versions.filter((each) => each.form === 'yaml' && !each.active)
  const value = attempt.kind === 'version' ? attempt.version : attempt.kind
  const choose = (chosen: string): void => {
    if (chosen === 'active') onChange({ kind: 'active' })
    else if (chosen === TEXT) onChange({ kind: 'text', source: active?.source ?? '' })
    else onChange({ kind: 'version', version: chosen })
  }
  return (
    <>
      <div className="grid gap-1">
        <label htmlFor={id} className="text-xs font-semibold">
          Version
        </label>
        <select
          id={id}
          value={value}
          onChange={({ target }) => choose(target.value)}
          className="h-8 min-w-48 rounded-control border border-control bg-surface px-2"
        >
          <option value="active">
            in use{active === undefined ? '' : `: ${active.version.slice(0, 8)}`}
          </option>
          {earlier.map(({ version }) => (
            <option key={version} value={version}>
              earlier: {version.slice(0, 8)}
            </option>
          ))}
          <option value={TEXT}>a text of your own, in YAML</option>
        </select>
      </div>
      {attempt.kind === 'text' && (
        <div className="grid w-full gap-1">
          <label htmlFor={`${id}-text`} className="text-xs font-semibold">
            Text to try
          </label>
          <textarea
            id={`${id}-text`}
            rows={14}
            spellCheck={false}
            value={attempt.source}
            onChange={({ target }) => onChange({ kind: 'text', source: target.value })}
            className="w-full rounded-control border border-control bg-surface p-2 font-mono text-xs"
          />
        </div>
      )}
    </>
  )
}
