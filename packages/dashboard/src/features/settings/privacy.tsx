import type { MaskRule } from '@bookend/contract'
import { findFailure } from '../../api/failure.ts'
import { Card } from '../../ui/card.tsx'
import { Failed } from '../../ui/failed.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useSettings, useUpdateSettings } from './queries.ts'

const RULES = {
  viewers: [
    'Masked for viewers and support',
    'Operators and admins see numbers, transcripts and values at once. Others see them masked.',
  ],
  everyone: [
    'Masked for everyone',
    'Operators and admins reveal field by field, and the audit log has each reveal.',
  ],
} as const satisfies Record<MaskRule, readonly [string, string]>

/** To whom personal data is shown masked. */
export function Privacy() {
  const { data: settings, error, refetch } = useSettings()
  const save = useUpdateSettings()
  if (settings === undefined) {
    return error === null ? (
      <Skeleton what="the settings" rows={2} />
    ) : (
      <Failed what="The settings" error={error} retry={() => void refetch()} />
    )
  }
  const mask_for = (save.isError ? null : save.variables?.mask_for) ?? settings.mask_for
  return (
    <Card title="Personal data">
      <fieldset className="grid gap-3">
        <legend className="mb-2 text-muted">
          Numbers, names, mail addresses, transcripts, and texts that went through a call are masked
          by the server: what somebody may not see never reaches their browser.
        </legend>
        {(Object.keys(RULES) as MaskRule[]).map((rule) => (
          <label key={rule} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2">
            <input
              type="radio"
              name="mask_for"
              checked={mask_for === rule}
              onChange={() => save.mutate({ mask_for: rule })}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>{RULES[rule][0]}</span>
            <span className="col-start-2 text-xs text-muted">{RULES[rule][1]}</span>
          </label>
        ))}
      </fieldset>
      <p className="mt-4 text-xs text-muted">
        API keys of programs are not people: they are answered in full. A person’s own key is
        answered as they are, in the dashboard and in a terminal.
      </p>
      {save.error !== null && (
        <p role="alert" className="mt-2 text-failed-ink">
          {findFailure(save.error).title}. {findFailure(save.error).detail}
        </p>
      )}
    </Card>
  )
}
