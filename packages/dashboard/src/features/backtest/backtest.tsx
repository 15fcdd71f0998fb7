import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { type Attempt, renderAttempt } from '../replay/attempt.ts'
import { ChooseAttempt } from '../replay/choose-attempt.tsx'
import { NothingSent } from '../replay/nothing-sent.tsx'
import { Refusal } from '../replay/refusal.tsx'
import { useWorkflow } from '../workflows/queries.ts'
import { BacktestResult } from './backtest-result.tsx'
import { useBacktest } from './queries.ts'

const LAST_MAX = 200

/** A version or a text over the newest calls: what it would have answered, next to what was. */
export function Backtest({ workflow }: { workflow: string }) {
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'active' })
  const [last, setLast] = useState(String(LAST_MAX))
  const [wanted, setWanted] = useState(LAST_MAX)
  const { data: active } = useWorkflow(workflow)
  const { run, version, calls, isAll } = useBacktest(workflow)
  const count = Number(last)
  const isCount = Number.isInteger(count) && count >= 1 && count <= LAST_MAX
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!isCount) return
    setWanted(count)
    run.mutate({ attempt, last: count })
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <Card title="What to try">
        <form noValidate onSubmit={submit} className="flex flex-wrap items-end gap-x-4 gap-y-3">
          <ChooseAttempt workflow={workflow} attempt={attempt} onChange={setAttempt} />
          <Field label="Newest calls" error={isCount ? undefined : `From 1 to ${LAST_MAX}.`}>
            {(control) => (
              <input
                {...control}
                inputMode="numeric"
                value={last}
                onChange={({ target }) => setLast(target.value)}
                className={`${control.className} h-8 max-w-28`}
              />
            )}
          </Field>
          <Button type="submit" look="primary" busy={run.isPending}>
            Backtest {renderAttempt(attempt, active?.version)}
          </Button>
        </form>
        <p className="mt-3 text-xs text-muted">
          Each step gets the answer that was recorded for its call. No system is asked, nothing is
          written, nothing is stored.
        </p>
        <Refusal error={run.error} />
      </Card>
      {version !== null && (
        <>
          {run.isPending ? (
            <Progress done={calls.length} of={wanted} />
          ) : (
            <NothingSent>
              {calls.length} {calls.length === 1 ? 'call' : 'calls'} on {version.slice(0, 8)}
              {isAll && calls.length < wanted && '; no more are recorded'}.
            </NothingSent>
          )}
          <BacktestResult calls={calls} />
        </>
      )}
    </div>
  )
}

function Progress({ done, of }: { done: number; of: number }) {
  return (
    <label className="flex items-center gap-3 rounded-card border border-border bg-surface px-4 py-3">
      <span className="shrink-0">
        {done} of {of} calls
      </span>
      <progress value={done} max={of} className="h-2 w-full accent-accent" />
    </label>
  )
}
