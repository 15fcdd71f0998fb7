import type { Run } from '@bookend/contract'
import { useState } from 'react'
import { findFailure } from '../../api/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useMay } from '../session/may.ts'
import { isUnsure } from './find-unsure.ts'
import { useCancelRun, useRetryRun } from './operate.ts'
import { ReplayLink } from './replay-link.tsx'
import { ReplayRun } from './replay-run.tsx'

const UNDER_WAY: readonly Run['status'][] = ['queued', 'running', 'waiting']

/** What can be done to a journey's run, as its state allows. */
export function RunActions({ run }: { run: Run }) {
  const mayWrite = useMay('write')
  if (!mayWrite || run.kind !== 'journey') return null
  return (
    <div className="ml-auto flex flex-wrap gap-2">
      {UNDER_WAY.includes(run.status) ? (
        <CancelRun run={run} />
      ) : (
        <>
          {run.status === 'failed' && !run.steps.some(isUnsure) && <RetryRun run={run} />}
          <ReplayRun run={run} />
        </>
      )}
      <ReplayLink run={run} />
    </div>
  )
}

function CancelRun({ run }: { run: Run }) {
  const [isAsking, setIsAsking] = useState(false)
  const cancel = useCancelRun(run.id)
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Cancel run</Button>
      <Confirm
        isOpen={isAsking}
        title={`Cancel this run of ${run.workflow}?`}
        action="Cancel run"
        busy={cancel.isPending}
        error={cancel.error}
        onClose={() => {
          setIsAsking(false)
          cancel.reset()
        }}
        onConfirm={() => cancel.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>Nothing more of it is sent. What was done stays done, and it cannot go on later.</p>
      </Confirm>
    </>
  )
}

function RetryRun({ run }: { run: Run }) {
  const retry = useRetryRun(run.id)
  const failed = run.steps.findLast(({ status }) => status === 'failed')
  const where = failed === undefined ? 'where it failed' : `at ${failed.name}`
  return (
    <>
      <Button
        busy={retry.isPending}
        title={`This run goes on ${where}; what finished is not run again`}
        onClick={() => retry.mutate(undefined)}
      >
        Retry
      </Button>
      <p role="alert" className="text-xs text-failed-ink empty:hidden">
        {retry.error !== null && findFailure(retry.error).detail}
      </p>
    </>
  )
}
