import { join } from '../ui/join.ts'
import { useLate } from '../ui/use-late.ts'
import { useLive } from './live.tsx'

const LOST_AFTER_MS = 3_000

/** Says whether the screen follows the server, and pauses that on request. */
export function LivePill() {
  const { state, toggle } = useLive()
  const isPaused = state === 'paused'
  return (
    <button
      type="button"
      onClick={toggle}
      aria-pressed={isPaused}
      title={isPaused ? 'Follow changes again' : 'Pause live updates'}
      className="inline-flex h-6 items-center gap-1.5 rounded-full border border-border bg-surface px-2 text-xs text-muted hover:border-control"
    >
      <span
        aria-hidden="true"
        className={join(
          'size-2 rounded-full border',
          state === 'live' ? 'border-ok-bar bg-ok-bar' : 'border-control',
          state === 'reconnecting' && 'border-dashed',
        )}
      />
      {isPaused ? 'paused' : state === 'live' ? 'live' : <Lost state={state} />}
    </button>
  )
}

/** A short gap is not worth a word. */
function Lost({ state }: { state: 'connecting' | 'reconnecting' }) {
  const isLate = useLate(LOST_AFTER_MS)
  return state === 'connecting' && !isLate ? 'connecting' : isLate ? 'reconnecting' : 'live'
}
