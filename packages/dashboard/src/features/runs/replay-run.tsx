import type { Run } from '@bookend/contract'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useReplayRun } from './operate.ts'

/** Runs it once more, from its first step or from a later one. */
export function ReplayRun({ run }: { run: Run }) {
  const [isAsking, setIsAsking] = useState(false)
  const [fromStep, setFromStep] = useState('')
  const replay = useReplayRun(run.id)
  const id = useId()
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Replay…</Button>
      <Confirm
        isOpen={isAsking}
        title={`Replay this run of ${run.workflow}?`}
        action="Replay"
        busy={replay.isPending}
        error={replay.error}
        onClose={() => {
          setIsAsking(false)
          replay.reset()
        }}
        onConfirm={() =>
          replay.mutate(fromStep === '' ? {} : { from_step: fromStep }, {
            onSuccess: () => setIsAsking(false),
          })
        }
      >
        <p>
          A new run with the same event, linked to this one. It writes anew: messages to people are
          sent once more, records are updated where their system can tell that they are the same.
        </p>
        <label htmlFor={id} className="mt-3 block text-xs font-semibold text-text">
          From step
        </label>
        <select
          id={id}
          value={fromStep}
          onChange={({ target }) => setFromStep(target.value)}
          className="mt-1 h-8 w-full rounded-control border border-control bg-surface px-2 text-text"
        >
          <option value="">The first; nothing is kept</option>
          {run.steps.slice(1).map(({ name }) => (
            <option key={name} value={name}>
              {name}; what began before it keeps its result
            </option>
          ))}
        </select>
      </Confirm>
    </>
  )
}
