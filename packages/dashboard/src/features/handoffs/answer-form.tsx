import type { Handoff } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { AnswerField } from './answer-field.tsx'
import { type FormValues, readAnswer, readFields } from './form-fields.ts'
import { useAnswerHandoff } from './queries.ts'

/** The form that the journey asks with; gone once this page has answered it. */
export function AnswerForm({ handoff }: { handoff: Handoff }) {
  const [values, setValues] = useState<FormValues>({})
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map())
  const send = useAnswerHandoff(handoff.id)
  const fields = readFields(handoff.form)
  const isOpen = handoff.status === 'open'
  const isUntouched = Object.keys(values).length === 0
  if (send.isSuccess || (!isOpen && isUntouched)) return null

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const read = readAnswer(fields, values)
    setWrong(read.wrong)
    if (read.wrong.size === 0) send.mutate(read.answer)
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {fields.map((field) => (
        <AnswerField
          key={field.name}
          field={field}
          value={values[field.name]}
          error={wrong.get(field.name)}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <p role="alert" className="text-failed-ink empty:hidden">
        {send.error !== null && findFailure(send.error).detail}
      </p>
      <div>
        <Button type="submit" look="primary" busy={send.isPending} disabled={!isOpen}>
          Answer
        </Button>
      </div>
    </form>
  )
}
