import { type Role, roles } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { useCreatePerson } from './queries.ts'
import { ROLE_WORDS } from './role-words.ts'
import { ShownOnce } from './shown-once.tsx'

const EMPTY = { name: '', email: '', team: '', role: 'viewer' as Role }

export function CreatePerson() {
  const [draft, setDraft] = useState(EMPTY)
  const create = useCreatePerson()
  const errors = findFieldErrors(create.error)
  const change = (patch: Partial<typeof EMPTY>): void => setDraft({ ...draft, ...patch })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const team = draft.team.trim()
    const body = { ...draft, email: draft.email.trim(), team: team === '' ? null : team }
    create.mutate(body, { onSuccess: () => setDraft(EMPTY) })
  }
  const { data: made } = create
  return (
    <>
      {made !== undefined && (
        <ShownOnce value={made.key} onHide={() => create.reset()}>
          {made.name} is added, and signs in with this key.
        </ShownOnce>
      )}
      <Card title="Add a person" className="mb-4">
        <form noValidate onSubmit={submit} className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Name" error={errors.get('name')}>
            {(control) => (
              <input
                {...control}
                value={draft.name}
                onChange={({ target }) => change({ name: target.value })}
              />
            )}
          </Field>
          <Field label="Mail" error={errors.get('email')}>
            {(control) => (
              <input
                {...control}
                type="email"
                autoComplete="off"
                value={draft.email}
                onChange={({ target }) => change({ email: target.value })}
              />
            )}
          </Field>
          <Field label="Role" help={`${ROLE_WORDS[draft.role]}.`} error={errors.get('role')}>
            {(control) => (
              <select
                {...control}
                value={draft.role}
                onChange={({ target }) =>
                  change({ role: roles.find((each) => each === target.value) ?? 'viewer' })
                }
              >
                {roles.map((role) => (
                  <option key={role}>{role}</option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label="Team"
            help="As handoffs are assigned: billing for those of team:billing."
            error={errors.get('team')}
          >
            {(control) => (
              <input
                {...control}
                value={draft.team}
                onChange={({ target }) => change({ team: target.value })}
              />
            )}
          </Field>
          <div className="sm:col-span-2">
            {create.error !== null && errors.size === 0 && (
              <p role="alert" className="mb-2 text-failed-ink">
                {findFailure(create.error).detail}
              </p>
            )}
            <Button type="submit" look="primary" busy={create.isPending}>
              Add person
            </Button>
          </div>
        </form>
      </Card>
    </>
  )
}
