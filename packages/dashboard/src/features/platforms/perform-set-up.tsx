import type { Platform, PlatformSetUp } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { usePerformSetUp } from './queries.ts'

interface PerformSetUpProps {
  platform: Platform
  /** What the platform's API takes. */
  targets: PlatformSetUp['targets']
}

const idsOf = (text: string): string[] => text.split(/[\s,]+/).filter((id) => id !== '')

/** Does on the platform's side what its API can do. */
export function PerformSetUp({ platform, targets }: PerformSetUpProps) {
  const [agents, setAgents] = useState('')
  const [numbers, setNumbers] = useState('')
  const perform = usePerformSetUp(platform)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    perform.mutate({ agent_ids: idsOf(agents), number_ids: idsOf(numbers) })
  }
  return (
    <form onSubmit={submit} className="mt-4 grid max-w-2xl gap-4 border-t border-border pt-4">
      {targets.includes('agents') && (
        <Field label="Ids of its agents" help="As the platform shows them, with commas between.">
          {(control) => (
            <input {...control} value={agents} onChange={({ target }) => setAgents(target.value)} />
          )}
        </Field>
      )}
      {targets.includes('numbers') && (
        <Field label="Ids of its numbers" help="Or the numbers, where it knows them by that.">
          {(control) => (
            <input
              {...control}
              value={numbers}
              onChange={({ target }) => setNumbers(target.value)}
            />
          )}
        </Field>
      )}
      <div>
        <Button type="submit" busy={perform.isPending}>
          Set it up from here
        </Button>
      </div>
      <output className="grid gap-1 empty:hidden">
        {perform.data !== undefined && <Outcomes steps={perform.data.steps} />}
        {perform.error !== null && (
          <p className="text-failed-ink">{findFailure(perform.error).detail}</p>
        )}
      </output>
    </form>
  )
}

function Outcomes({ steps }: Pick<PlatformSetUp, 'steps'>) {
  const sent = steps.flatMap(({ requests }) => requests)
  if (sent.length === 0) return <p>Nothing was sent: give the id of an agent or a number.</p>
  return sent.map(({ method, url, status, error }) => (
    <p key={`${method} ${url}`} className="flex items-start gap-2">
      <StateGlyph state={error === null ? 'ok' : 'failed'} className="mt-1" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <code className="font-mono text-xs">
          {method} {url}
        </code>{' '}
        {error ?? `done (${status})`}
      </span>
    </p>
  ))
}
