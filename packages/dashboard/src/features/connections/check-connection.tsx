import type { ConnectionChecked } from '@bookend/contract'
import { findFailure } from '../../api/failure.ts'
import type { State } from '../../theme/states.ts'
import { Button } from '../../ui/button.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { useCheckConnection } from './queries.ts'

/** Asks the system once, and says what it answered. */
export function CheckConnection({ name }: { name: string }) {
  const check = useCheckConnection(name)
  const { data: checked } = check
  return (
    <div className="grid gap-2">
      <div>
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          Check connection
        </Button>
      </div>
      <output className="grid gap-1 empty:hidden">
        {checked !== undefined && (
          <p className="flex items-start gap-2">
            <StateGlyph state={stateOf(checked)} className="mt-1" />
            <span className={checked.ok ? '' : 'text-failed-ink'}>
              {checked.detail} <span className="text-muted">({checked.took_ms} ms)</span>
            </span>
          </p>
        )}
        {checked?.warnings.map((warning) => (
          <p key={warning} className="flex items-start gap-2 text-default-ink">
            <StateGlyph state="default" className="mt-1" />
            {warning}
          </p>
        ))}
        {check.error !== null && (
          <p className="text-failed-ink">{findFailure(check.error).detail}</p>
        )}
      </output>
    </div>
  )
}

/** A system that could not be asked is neither. */
const stateOf = ({ ok, code }: ConnectionChecked): State =>
  code === 'not_asked' ? 'skipped' : ok ? 'ok' : 'failed'
