import type { PhoneNumber } from '@bookend/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useApi } from '../../api/api.tsx'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { type DemoCall, ring, talk } from './demo-call.ts'

interface MakeCallProps {
  /** Those that an agent answers. */
  numbers: readonly PhoneNumber[]
}

export function MakeCall({ numbers }: MakeCallProps) {
  const [from, setFrom] = useState('+15550100001')
  // The one that was set up first.
  const [to, setTo] = useState(numbers.at(-1)?.number ?? '')
  const call = useDemoCall()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    call.mutate({ from: from.trim(), to })
  }
  return (
    <form noValidate onSubmit={submit} className="grid gap-3">
      <div className="grid max-w-xl gap-3 sm:grid-cols-2">
        <Field label="Who calls">
          {(control) => (
            <input
              {...control}
              inputMode="tel"
              value={from}
              onChange={({ target }) => setFrom(target.value)}
            />
          )}
        </Field>
        <Field label="Which number is called">
          {(control) => (
            <select {...control} value={to} onChange={({ target }) => setTo(target.value)}>
              {numbers.map(({ id, number, label }) => (
                <option key={id} value={number}>
                  {label === '' ? number : `${number}, ${label}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div>
        <Button type="submit" look="primary" busy={call.isPending}>
          Make the call
        </Button>
      </div>
      <p className="text-xs text-muted">
        No telephone rings: the call is made up, and takes about five seconds. The work is real: the
        workflow asks your systems before it, and the journeys write and send after it.
      </p>
      <p role="alert" className="text-failed-ink empty:hidden">
        {call.error !== null && findFailure(call.error).detail}
      </p>
    </form>
  )
}

function useDemoCall() {
  const api = useApi()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (given: DemoCall) => await ring(api, given),
    onSuccess: (id) => {
      void talk(api, id).catch(() => undefined)
      return navigate({ to: '/calls/$id', params: { id } })
    },
  })
}
