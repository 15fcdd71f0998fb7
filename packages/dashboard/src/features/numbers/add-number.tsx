import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { useAddNumber } from './queries.ts'

export function AddNumber() {
  const [number, setNumber] = useState('')
  const [label, setLabel] = useState('')
  const add = useAddNumber()
  const errors = findFieldErrors(add.error)
  const other = add.error !== null && errors.size === 0 ? findFailure(add.error).detail : undefined

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate(
      { number: number.trim(), label: label.trim() },
      {
        onSuccess: () => {
          setNumber('')
          setLabel('')
        },
      },
    )
  }

  return (
    <form
      noValidate
      onSubmit={submit}
      className="mb-4 flex flex-wrap items-start gap-3 rounded-card border border-border bg-surface p-4"
    >
      <Field label="Number, in E.164 form" error={errors.get('number') ?? other}>
        {(control) => (
          <input
            {...control}
            inputMode="tel"
            placeholder="+15550100900"
            value={number}
            onChange={({ target }) => setNumber(target.value)}
          />
        )}
      </Field>
      <Field label="Label" error={errors.get('label')}>
        {(control) => (
          <input
            {...control}
            placeholder="Main line"
            value={label}
            onChange={({ target }) => setLabel(target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={add.isPending} className="mt-5">
        Add number
      </Button>
    </form>
  )
}
