import type { Call } from '@bookend/contract'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { useMay } from '../session/may.ts'
import { useAnalyze } from './queries.ts'

/** Asks the call's analyzers once more, as the agent has them now. */
export function AnalyzeAgain({ call }: { call: Call }) {
  const [isAsking, setIsAsking] = useState(false)
  const mayWrite = useMay('write')
  const analyze = useAnalyze(call.uuid)
  if (!mayWrite) return null
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Run again…</Button>
      <Confirm
        isOpen={isAsking}
        title="Analyze this call again?"
        action="Run analysis again"
        busy={analyze.isPending}
        error={analyze.error}
        onClose={() => {
          setIsAsking(false)
          analyze.reset()
        }}
        onConfirm={() => analyze.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>
          The agent’s analyzers of now are asked, and what they found before is replaced. No event
          tells of it, so no journey runs twice. A model is paid for once more.
        </p>
      </Confirm>
    </>
  )
}
