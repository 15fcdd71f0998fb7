import type { Retention as Days, Settings } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Field } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { usePreviewRetention, useSettings, useUpdateSettings } from './queries.ts'
import { type DaysDraft, readDays, renderDays } from './retention-draft.ts'

/** How long each kind of record is kept, and what the next sweep would take. */
export function Retention() {
  const { data: settings, error, refetch } = useSettings()
  if (settings !== undefined) return <RetentionForm settings={settings} />
  return error === null ? (
    <Skeleton what="the settings" rows={4} />
  ) : (
    <Failed what="The settings" error={error} retry={() => void refetch()} />
  )
}

const FIELDS = {
  calls_days: ['Calls', 'With transcript, events, runs and deliveries of each.'],
  transcripts_days: ['Transcripts', 'Empty: as long as their call.'],
  runs_days: ['Runs', 'Those that are over, with their steps. Empty: as long as their call.'],
  deliveries_days: ['Deliveries', 'Those that have ended, with their tries.'],
} as const satisfies Record<keyof Days, readonly [string, string]>

function RetentionForm({ settings: { retention, server_days } }: { settings: Settings }) {
  const [draft, setDraft] = useState<DaysDraft>(() => renderDays(retention))
  const save = useUpdateSettings()
  const preview = usePreviewRetention()
  const { days, faults } = readDays(draft)
  const errors = findFieldErrors(save.error)
  const failure = save.error ?? preview.error
  const change = (name: keyof Days, value: string): void => {
    setDraft({ ...draft, [name]: value })
    preview.reset()
    save.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (faults.size === 0) save.mutate({ retention: days })
  }
  return (
    <Card title="Keep for how many days">
      <form noValidate onSubmit={submit} className="grid gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-4">
          {(Object.keys(FIELDS) as (keyof Days)[]).map((name) => (
            <Field
              key={name}
              label={FIELDS[name][0]}
              help={FIELDS[name][1]}
              error={faults.get(name) ?? errors.get(`retention.${name}`)}
            >
              {(control) => (
                <input
                  {...control}
                  inputMode="numeric"
                  placeholder={name === 'calls_days' ? String(server_days) : ''}
                  value={draft[name]}
                  onChange={({ target }) => change(name, target.value)}
                />
              )}
            </Field>
          ))}
        </div>
        <p className="text-xs text-muted">
          0 keeps for ever. Where nothing is said, it is {server_days} days, as the server has it.
          Old records are deleted every hour, in small batches. What an open journey works on stays.
        </p>
        {preview.data !== undefined && (
          <output className="rounded-control bg-sunken px-3 py-2">
            The next sweep would delete {renderCount(preview.data.calls, 'call')},{' '}
            {renderCount(preview.data.transcripts, 'transcript')},{' '}
            {renderCount(preview.data.runs, 'run')} and{' '}
            {preview.data.deliveries === 1
              ? '1 delivery'
              : `${renderMany(preview.data.deliveries)} deliveries`}
            .
          </output>
        )}
        {failure !== null && (
          <p role="alert" className="text-failed-ink">
            {findFailure(failure).title}. {findFailure(failure).detail}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            busy={preview.isPending}
            disabled={faults.size > 0}
            onClick={() => preview.mutate(days)}
          >
            Preview
          </Button>
          <Button type="submit" look="primary" busy={save.isPending} disabled={faults.size > 0}>
            Save retention
          </Button>
          {save.isSuccess && <output className="text-muted">Saved.</output>}
        </div>
      </form>
    </Card>
  )
}

const renderMany = (count: number): string => (count >= 10_000 ? '10 000 or more' : String(count))

const renderCount = (count: number, noun: string): string =>
  `${renderMany(count)} ${noun}${count === 1 ? '' : 's'}`
