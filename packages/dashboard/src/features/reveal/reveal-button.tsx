import { Eye, EyeOff } from 'lucide-react'
import { findFailure } from '../../api/failure.ts'
import { renderTalk } from '../../format/duration.ts'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useMay } from '../session/may.ts'
import type { Reveal } from './use-reveal.ts'

interface RevealButtonProps {
  reveal: Reveal
  handle: string
  /** What is revealed, such as `the number`. */
  what: string
}

const SECOND_MS = 1_000

/** Nothing where nothing is masked; else it reveals, or says when it hides again. */
export function RevealButton({ reveal, handle, what }: RevealButtonProps) {
  const mayAsk = useMay('support')
  const shown = reveal.find(handle)
  const now = useNow(shown === undefined ? null : SECOND_MS)
  if (!reveal.isMasked(handle)) return null
  if (shown !== undefined) {
    const seconds = Math.max(0, (shown.untilMs - now.getTime()) / SECOND_MS)
    return (
      <span className="ml-auto inline-flex items-center gap-2 text-xs text-muted">
        revealed, hides in {renderTalk(seconds)}
        <Button look="quiet" onClick={() => reveal.hide(handle)} className="px-2">
          <EyeOff className="size-4" aria-hidden="true" />
          <span className="sr-only">Hide {what}</span>
        </Button>
      </span>
    )
  }
  if (!mayAsk) return <span className="ml-auto text-xs text-muted">masked</span>
  return (
    <span className="ml-auto inline-flex flex-wrap items-center gap-2">
      {reveal.failed?.handle === handle && (
        <span role="alert" className="text-xs text-failed-ink">
          {findFailure(reveal.failed.error).detail}
        </span>
      )}
      <Button
        busy={reveal.pending === handle}
        title="The audit log will say that you saw it"
        onClick={() => reveal.show(handle)}
      >
        <Eye className="size-4" aria-hidden="true" />
        Reveal {what}
      </Button>
    </span>
  )
}
