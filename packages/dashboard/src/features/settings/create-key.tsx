import { type Scope, scopes } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Check, Field } from '../../ui/field.tsx'
import { useCreateKey } from './queries.ts'
import { ShownOnce } from './shown-once.tsx'

const WORDS = {
  admin: 'everything, keys and people among it',
  write: 'changes configuration, operates runs, takes calls',
  support: 'answers handoffs, reads',
  read: 'reads',
  calls: 'takes calls, and reads nothing',
} as const satisfies Record<Scope, string>

export function CreateKey() {
  const [label, setLabel] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['calls'])
  const create = useCreateKey()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { label: label.trim(), scopes: [...chosen] }
    create.mutate(body, { onSuccess: () => setLabel('') })
  }
  const { data: made, error } = create
  return (
    <>
      {made !== undefined && (
        <ShownOnce value={made.key} onHide={() => create.reset()}>
          The key {made.label === '' ? 'without a label' : made.label} is made.
        </ShownOnce>
      )}
      <Card title="Make a key" className="mb-4">
        <form noValidate onSubmit={submit} className="grid gap-4">
          <Field label="Label" help="Which program has it; the audit log names it so.">
            {(control) => (
              <input
                {...control}
                maxLength={200}
                value={label}
                onChange={({ target }) => setLabel(target.value)}
                className={`${control.className} max-w-md`}
              />
            )}
          </Field>
          <fieldset>
            <legend className="mb-1 text-xs font-semibold">Scopes</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              {scopes.map((scope) => (
                <Check
                  key={scope}
                  label={scope}
                  help={WORDS[scope]}
                  checked={chosen.includes(scope)}
                  onChange={(on) =>
                    setChosen(on ? [...chosen, scope] : chosen.filter((each) => each !== scope))
                  }
                />
              ))}
            </div>
          </fieldset>
          {error !== null && (
            <p role="alert" className="text-failed-ink">
              {findFailure(error).title}. {findFailure(error).detail}
            </p>
          )}
          <div>
            <Button
              type="submit"
              look="primary"
              busy={create.isPending}
              disabled={chosen.length === 0}
            >
              Make key
            </Button>
          </div>
        </form>
      </Card>
    </>
  )
}
