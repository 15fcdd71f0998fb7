import type { Run } from '@bookend/contract'
import { PreCallCard } from '../runs/pre-call-card.tsx'
import { ReplayLink } from '../runs/replay-link.tsx'
import { RevealButton } from '../reveal/reveal-button.tsx'
import { useReveal } from '../reveal/use-reveal.ts'
import { runHandle, withRevealedRun } from '../reveal/with-revealed.ts'

interface CallPreCallProps {
  run: Run
  selected: string | null
  onSelect: (step: string | null) => void
}

/** What ran before the call, with what can be done with it. */
export function CallPreCall({ run, selected, onSelect }: CallPreCallProps) {
  const reveal = useReveal(run.masked)
  return (
    <PreCallCard
      run={withRevealedRun(run, reveal)}
      selected={selected}
      onSelect={onSelect}
      actions={
        <span className="flex flex-wrap items-center gap-2">
          <RevealButton reveal={reveal} handle={runHandle(run, 'steps')} what="the steps" />
          <ReplayLink run={run} />
        </span>
      }
    />
  )
}
