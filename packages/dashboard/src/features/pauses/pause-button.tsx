import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { useMay } from '../session/may.ts'
import { type PauseSubject, useHold, usePause } from './queries.ts'

const EFFECTS = {
  workflow:
    'Events go on being taken in, and nothing is lost: its runs wait, and go on in their order when it is resumed. A step under way still ends.',
  connection:
    'Nobody asks it any more: steps of journeys wait, and before a call its defaults are used.',
} as const

/** Holds a journey or a connection, after its effect was said; nothing where it is held. */
export function PauseButton({ subject }: { subject: PauseSubject }) {
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const hold = useHold(subject)
  const pause = usePause(subject)
  const mayWrite = useMay('write')
  if (pause !== null || !mayWrite) return null
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Pause</Button>
      <Confirm
        isOpen={isAsking}
        title={`Pause ${subject.name}?`}
        action={`Pause ${subject.name}`}
        busy={hold.isPending}
        error={hold.error}
        onClose={() => {
          setIsAsking(false)
          hold.reset()
        }}
        onConfirm={() =>
          hold.mutate(reason.trim(), {
            onSuccess: () => {
              setIsAsking(false)
              setReason('')
            },
          })
        }
      >
        <p className="mb-3">{EFFECTS[subject.kind]}</p>
        <Field label="Reason" help="For whoever finds it paused.">
          {(control) => (
            <input
              {...control}
              maxLength={500}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      </Confirm>
    </>
  )
}
