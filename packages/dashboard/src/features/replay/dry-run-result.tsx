import type { DryRun, Run } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import type { State } from '../../theme/states.ts'
import { Card } from '../../ui/card.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { DryRunWrites } from './dry-run-writes.tsx'
import { NothingSent } from './nothing-sent.tsx'
import { StepPairs } from './step-pairs.tsx'

const STATES = {
  not_started: 'skipped',
  completed: 'ok',
  waiting: 'wait',
  failed: 'failed',
  cut: 'cut',
} as const satisfies Record<DryRun['status'], State>

const WORDS = {
  not_started: 'not started: its condition says no',
  completed: 'completed',
  waiting: 'waits',
  failed: 'failed',
  cut: 'cut: it took longer than a dry run may',
} as const satisfies Record<DryRun['status'], string>

export function DryRunResult({ run, dry }: { run: Run; dry: DryRun }) {
  const { status, version, error, writes, waits, duration_ms } = dry
  return (
    <>
      <NothingSent>
        The event {dry.event.type}, on {version.slice(0, 8)}, with real reads;{' '}
        {writes.length === 1 ? '1 write was' : `${writes.length} writes were`} captured.
      </NothingSent>
      <Card
        title="How it would go"
        flush
        aside={
          <>
            <StateBadge state={STATES[status]}>{WORDS[status]}</StateBadge>
            <span className="text-xs text-muted">{renderDuration(duration_ms)}</span>
          </>
        }
      >
        {error !== null && (
          <p className="m-4 rounded-control bg-failed-tint px-3 py-2 [overflow-wrap:anywhere] text-failed-ink">
            {error}
          </p>
        )}
        {waits.length > 0 && (
          <ul aria-label="Waits" className="px-4 py-3">
            {waits.map(({ step, kind, about }) => (
              <li key={step} className="text-muted">
                {step} waits for {kind === 'human' ? 'a person' : kind}: {about}
              </li>
            ))}
          </ul>
        )}
        <StepPairs was={run} now={dry.steps} />
      </Card>
      <DryRunWrites dry={dry} />
    </>
  )
}
