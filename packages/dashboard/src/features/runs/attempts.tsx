import type { StepAttempt } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import { Instant } from '../../ui/instant.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'

export function Attempts({ attempts }: { attempts: readonly StepAttempt[] }) {
  return (
    <ol aria-label="Attempts" className="mt-3 grid gap-1 text-xs">
      {attempts.map(({ attempt, started_at, duration_ms, error }) => (
        <li key={attempt} className="flex flex-wrap items-baseline gap-x-2">
          <StateGlyph state={error === null ? 'ok' : 'failed'} className="self-center" />
          <span className="font-semibold">try {attempt}</span>
          <span className="text-muted">
            <Instant at={started_at} />, {renderDuration(duration_ms)}
          </span>
          {error !== null && (
            <span className="[overflow-wrap:anywhere] text-failed-ink">{error}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
