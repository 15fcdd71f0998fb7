import type { Platform } from '@bookend/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { useAgents } from '../agents/queries.ts'
import { SettingField } from '../connections/setting-field.tsx'
import { type AgentRow, AgentRows } from './agent-rows.tsx'
import { AgentSelect } from './agent-select.tsx'
import { OptionGroup } from './option-group.tsx'
import { fillOptions, readEntry, readOptions } from './options-form.ts'
import type { Adapter } from './queries.ts'
import { errorsOf } from './refusals.ts'

type PlatformDraft = Pick<Platform, 'agents' | 'default_agent_id' | 'analysis_wait_minutes'> & {
  options: ReturnType<typeof readEntry>['options']
}

interface PlatformFormProps {
  adapter: Adapter
  /** Null for a new connection. */
  stored: Platform | null
  /** Above the options. */
  children?: ReactNode
  action: string
  busy: boolean
  error: unknown
  onSubmit: (draft: PlatformDraft) => void
}

const FAULTLESS: ReadonlyMap<string, string> = new Map()

export function PlatformForm(props: PlatformFormProps) {
  const { adapter, stored, children, action, busy, error, onSubmit } = props
  const { data: agents = [] } = useAgents()
  const form = readOptions(adapter.options)
  const options = stored?.options ?? null
  const [entry, setEntry] = useState(() => fillOptions(form, options))
  const [standard, setStandard] = useState(stored?.default_agent_id ?? '')
  const [rows, setRows] = useState<readonly AgentRow[]>(() =>
    Object.entries(stored?.agents ?? {}).map(([theirs, ours]) => ({ theirs, ours })),
  )
  const [wait, setWait] = useState(String(stored?.analysis_wait_minutes ?? ''))
  const [wrong, setWrong] = useState(FAULTLESS)
  const refused = errorsOf(error)
  const optionError = (path: string) => wrong.get(path) ?? refused.get(`options.${path}`)

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const read = readEntry(form, entry, options)
    setWrong(read.wrong)
    if (read.wrong.size > 0) return
    const given = rows.filter(({ theirs, ours }) => theirs.trim() !== '' && ours !== '')
    onSubmit({
      options: read.options,
      agents: Object.fromEntries(given.map(({ theirs, ours }) => [theirs.trim(), ours])),
      default_agent_id: standard === '' ? null : standard,
      analysis_wait_minutes: wait.trim() === '' ? null : Number(wait),
    })
  }

  return (
    <form noValidate onSubmit={submit} className="mt-3 grid max-w-2xl gap-4">
      {children}
      <AgentSelect
        label="Agent"
        agents={agents}
        value={standard}
        none="The one of the number that was called"
        help="Its workflow decides what the platform is told."
        error={refused.get('default_agent_id')}
        onChange={setStandard}
      />
      {form.groups.map((group) => (
        <OptionGroup
          key={group.field.name}
          group={group}
          entry={entry.groups[group.field.name] ?? null}
          isStored={options?.[group.field.name] !== undefined}
          errorOf={optionError}
          onChange={(one) =>
            setEntry({ ...entry, groups: { ...entry.groups, [group.field.name]: one } })
          }
        />
      ))}
      {form.fields.map((field) => {
        const isKept = field.isSecret && options?.[field.name] !== undefined
        return (
          <SettingField
            key={field.name}
            field={isKept ? { ...field, help: 'What is stored stays while this is empty.' } : field}
            value={entry.values[field.name]}
            error={optionError(field.name)}
            onChange={(value) =>
              setEntry({ ...entry, values: { ...entry.values, [field.name]: value } })
            }
          />
        )
      })}
      <AgentRows
        agents={agents}
        rows={rows}
        errorOf={(path) => refused.get(path)}
        onChange={setRows}
      />
      <Field
        label="Wait for the analysis (optional)"
        error={refused.get('analysis_wait_minutes')}
        help="Minutes that call.completed waits for it at most; empty: it does not wait."
      >
        {(control) => (
          <input
            {...control}
            inputMode="numeric"
            value={wait}
            onChange={({ target }) => setWait(target.value)}
          />
        )}
      </Field>
      {error !== null && (
        <p role="alert" className="text-failed-ink">
          {findFailure(error).detail}
        </p>
      )}
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
