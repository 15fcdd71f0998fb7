import type { Agent } from '@bookend/contract'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { useMay } from '../session/may.ts'
import { TalkLines } from './talk-lines.tsx'
import { type Talk, useTalk } from './use-talk.ts'

export function TalkCard({ agent }: { agent: Agent }) {
  const { talk, call, say, hangUp } = useTalk(agent.id)
  if (!useMay('calls')) return null
  const isOpen = talk !== null && canSpeak(talk)
  return (
    <Card title="Talk to this agent" aside={isOpen && <Button onClick={hangUp}>Hang up</Button>}>
      {!isOpen && (
        <CallForm
          label={talk === null ? 'Call in writing' : 'Call again'}
          busy={call.isPending}
          onCall={(from) => call.mutate(from)}
        />
      )}
      <p role="alert" className="text-failed-ink empty:hidden">
        {call.error !== null && findFailure(call.error).detail}
      </p>
      {talk !== null && (
        <div className="mt-3 grid gap-3">
          <TalkLines talk={talk} />
          {isOpen && <SayForm onSay={(text) => void say(text)} />}
          <p className="text-xs text-muted">
            <Link
              to="/calls/$id"
              params={{ id: talk.answer.call.uuid }}
              className="underline hover:text-text"
            >
              What the agent was told, and the work that follows
            </Link>
          </p>
        </div>
      )}
    </Card>
  )
}

const canSpeak = ({ answer: { outcome }, conversation }: Talk): boolean =>
  conversation.ended === null && (outcome.type === 'continue' || outcome.type === 'route')

interface CallFormProps {
  label: string
  busy: boolean
  onCall: (from: string) => void
}

function CallForm({ label, busy, onCall }: CallFormProps) {
  const [from, setFrom] = useState('+15550100001')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onCall(from.trim())
  }
  return (
    <form noValidate onSubmit={submit} className="grid max-w-xl gap-3">
      <Field
        label="Who calls"
        help="The workflow before the call looks this number up. The agent as it was saved answers."
      >
        {(control) => (
          <input
            {...control}
            inputMode="tel"
            value={from}
            onChange={({ target }) => setFrom(target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {label}
        </Button>
      </div>
    </form>
  )
}

function SayForm({ onSay }: { onSay: (text: string) => void }) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '') return
    onSay(text)
    setText('')
  }
  return (
    <form noValidate onSubmit={submit} className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <Field label="What the caller says">
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" look="primary">
        Say
      </Button>
    </form>
  )
}
