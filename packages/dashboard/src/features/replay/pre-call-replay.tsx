import type { Run } from '@bookend/contract'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Check } from '../../ui/field.tsx'
import { useWorkflow } from '../workflows/queries.ts'
import { BacktestLink } from '../backtest/backtest-link.tsx'
import { type Attempt, renderAttempt } from './attempt.ts'
import { ChooseAttempt } from './choose-attempt.tsx'
import { PreCallComparison } from './pre-call-comparison.tsx'
import { useReplay } from './queries.ts'
import { Refusal } from './refusal.tsx'

/** A call's recorded input, on the version that is chosen, beside what was answered then. */
export function PreCallReplay({ run }: { run: Run }) {
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'active' })
  const [live, setLive] = useState(false)
  const { data: active } = useWorkflow(run.workflow)
  const replay = useReplay(run)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    replay.mutate({ attempt, live })
  }
  const { data } = replay
  return (
    <>
      <Card title="What to try">
        <form noValidate onSubmit={submit} className="flex flex-wrap items-end gap-x-4 gap-y-3">
          <ChooseAttempt workflow={run.workflow} attempt={attempt} onChange={setAttempt} />
          <Check
            label="Ask connections anew"
            help="Reads only. Off: each step gets the answer that was recorded then."
            checked={live}
            onChange={setLive}
          />
          <Button type="submit" look="primary" busy={replay.isPending}>
            Replay on {renderAttempt(attempt, active?.version)}
          </Button>
          <BacktestLink workflow={run.workflow} />
        </form>
        <Refusal error={replay.error} />
      </Card>
      {data !== undefined && data.call !== null && (
        <PreCallComparison run={run} call={data.call} version={data.version} live={data.live} />
      )}
    </>
  )
}
