import type { Run } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Check } from '../../ui/field.tsx'
import { useWorkflow } from '../workflows/queries.ts'
import { type Attempt, renderAttempt } from './attempt.ts'
import { ChooseAttempt } from './choose-attempt.tsx'
import { answersOf } from './compare.ts'
import { DryRunResult } from './dry-run-result.tsx'
import { useDryRun } from './queries.ts'
import { Refusal } from './refusal.tsx'

/** A journey once more on the same call, with every write shown in place of being sent. */
export function JourneyDryRun({ run }: { run: Run }) {
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'active' })
  const [expireWaits, setExpireWaits] = useState(false)
  const [repeats, setRepeats] = useState(true)
  const { data: active } = useWorkflow(run.workflow)
  const dryRun = useDryRun(run)
  const answers = answersOf(run)
  const people = Object.keys(answers)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    dryRun.mutate({ attempt, expireWaits, answers: repeats ? answers : {} })
  }
  return (
    <>
      <Card title="What to try">
        <form noValidate onSubmit={submit} className="flex flex-wrap items-end gap-x-4 gap-y-3">
          <ChooseAttempt workflow={run.workflow} attempt={attempt} onChange={setAttempt} />
          <Check
            label="Do not wait"
            help="Goes on as if nothing that it waits for came."
            checked={expireWaits}
            onChange={setExpireWaits}
          />
          {people.length > 0 && (
            <Check
              label="People answer as they did"
              help={`At ${people.join(', ')}.`}
              checked={repeats}
              onChange={setRepeats}
            />
          )}
          <Button type="submit" look="primary" busy={dryRun.isPending}>
            Dry run on {renderAttempt(attempt, active?.version)}
          </Button>
        </form>
        <p className="mt-3 text-xs text-muted">
          Reads are real. Writes are shown and not sent.
          {run.call_id === null && ' This run belongs to no call, so its event is empty here.'}
        </p>
        <Refusal error={dryRun.error} />
      </Card>
      {dryRun.data !== undefined && <DryRunResult run={run} dry={dryRun.data} />}
    </>
  )
}
