// Sends the events of a time again. What will be sent is counted first, and said on the button.

import type { Subscription } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { findFailure, findFieldErrors } from '../../api/failure.ts'
import { renderCount } from '../../format/duration.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Check, Field } from '../../ui/field.tsx'
import { useReplayWebhook } from './queries.ts'

const DAY_MS = 86_400_000

/** As the browser's own field for a time wants it, in the viewer's zone. */
function renderLocal(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

export function ReplayRange({ webhook }: { webhook: Subscription }) {
  const [since, setSince] = useState(() => renderLocal(new Date(Date.now() - DAY_MS)))
  const [until, setUntil] = useState('')
  const [isMissedOnly, setIsMissedOnly] = useState(true)
  const count = useReplayWebhook(webhook.id)
  const send = useReplayWebhook(webhook.id)
  const error = count.error ?? send.error
  const errors = findFieldErrors(error)
  const isNamed = errors.has('since') || errors.has('until')

  const forget = (): void => {
    count.reset()
    send.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (since === '') return
    forget()
    count.mutate({
      since: new Date(since).toISOString(),
      // Fixed at the count, so that what is sent is what was counted.
      until: (until === '' ? new Date() : new Date(until)).toISOString(),
      missed_only: isMissedOnly,
      dry_run: true,
    })
  }

  return (
    <Card title="Send a time again">
      <form noValidate onSubmit={submit} className="grid max-w-2xl gap-3">
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <Field label="Events from" error={errors.get('since')}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={since}
                onChange={({ target }) => {
                  setSince(target.value)
                  forget()
                }}
              />
            )}
          </Field>
          <Field label="Until" help="Empty: until now." error={errors.get('until')}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={until}
                onChange={({ target }) => {
                  setUntil(target.value)
                  forget()
                }}
              />
            )}
          </Field>
        </div>
        <Check
          label="Only what was missed"
          help="Leaves out what was delivered and what still waits."
          checked={isMissedOnly}
          onChange={(checked) => {
            setIsMissedOnly(checked)
            forget()
          }}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" busy={count.isPending}>
            Count events
          </Button>
          {count.data !== undefined && send.data === undefined && (
            <Counted
              count={count.data.count}
              hasMore={count.data.next_since !== null}
              busy={send.isPending}
              isEnabled={webhook.enabled}
              onSend={() => send.mutate({ ...count.variables, dry_run: false })}
            />
          )}
          {send.data !== undefined && (
            <output className="text-muted">
              {renderCount(send.data.count)} events are sent again.
              {send.data.next_since !== null && ' More are left: count again from a later time.'}
            </output>
          )}
        </div>
        <p role="alert" className="text-xs text-failed-ink empty:hidden">
          {error !== null && !isNamed && findFailure(error).detail}
        </p>
      </form>
    </Card>
  )
}

interface CountedProps {
  count: number
  hasMore: boolean
  busy: boolean
  isEnabled: boolean
  onSend: () => void
}

function Counted({ count, hasMore, busy, isEnabled, onSend }: CountedProps) {
  if (count === 0) return <output className="text-muted">No event of that time is left.</output>
  const events = count === 1 ? '1 event' : `${renderCount(count)} events`
  if (!isEnabled) {
    return <output className="text-muted">{events}; turn the endpoint on to send them.</output>
  }
  return (
    <>
      <Button look="danger" busy={busy} onClick={onSend}>
        Resend {events}
      </Button>
      <output className="text-xs text-muted">
        {hasMore ? 'The first of more; one request takes so many.' : 'Under the same event ids.'}
      </output>
    </>
  )
}
