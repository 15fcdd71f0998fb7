import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import type { TokenEdit } from './agent-form.ts'

interface TokenFieldProps {
  mask: string | null
  edit: TokenEdit
  error: string | undefined
  target: string
  storedTarget: string | null
  onChange: (edit: TokenEdit) => void
}

const HELP = 'Sent to your endpoint as a bearer token. Once saved, it can be replaced but not read.'

/** Write-only: what is stored shows as its mask, and stays unless it is replaced or removed. */
export function TokenField({ mask, edit, error, target, storedTarget, onChange }: TokenFieldProps) {
  if (edit.kind === 'replace' || (mask === null && edit.kind === 'keep')) {
    return (
      <div className="grid gap-1">
        <Field label="Token" error={error} help={HELP}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="new-password"
              value={edit.kind === 'replace' ? edit.value : ''}
              onChange={(event) =>
                onChange(
                  mask === null && event.target.value === ''
                    ? { kind: 'keep' }
                    : { kind: 'replace', value: event.target.value },
                )
              }
            />
          )}
        </Field>
        {mask !== null && (
          <div>
            <Button onClick={() => onChange({ kind: 'keep' })}>Keep {mask}</Button>
          </div>
        )}
      </div>
    )
  }
  const isCleared =
    edit.kind === 'keep' && storedTarget !== null && !isSameHost(target, storedTarget)
  return (
    <fieldset className="grid gap-1">
      <legend className="text-xs font-semibold">Token</legend>
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono">
          {edit.kind === 'remove' ? <s aria-label={`${mask}, removed on save`}>{mask}</s> : mask}
        </code>
        <Button onClick={() => onChange({ kind: 'replace', value: '' })}>Replace token</Button>
        {edit.kind === 'remove' ? (
          <Button onClick={() => onChange({ kind: 'keep' })}>Keep token</Button>
        ) : (
          <Button onClick={() => onChange({ kind: 'remove' })}>Remove token</Button>
        )}
      </div>
      <p className="text-xs text-muted">
        {edit.kind === 'remove' ? 'Removed when you save.' : HELP}
      </p>
      {isCleared && (
        <p className="text-xs text-default-ink">
          The address changed, so saving clears this token: it was given for another host. Replace
          it to send one.
        </p>
      )}
    </fieldset>
  )
}

function isSameHost(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return one === other
  const [a, b] = [new URL(one), new URL(other)]
  return a.protocol === b.protocol && a.host === b.host
}
