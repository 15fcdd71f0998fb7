import type { RunStep } from '@bookend/contract'
import { renderDuration } from '../../format/duration.ts'
import { STATE_LOOKS, STATE_OF_STEP, type State } from '../../theme/states.ts'
import { Instant } from '../../ui/instant.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { StateGlyph } from '../../ui/state-badge.tsx'
import { Attempts } from './attempts.tsx'
import { isUnsure } from './find-unsure.ts'
import { ResolveStep } from './resolve-step.tsx'

interface JourneyStepProps {
  runId: string
  step: RunStep
  startedAt: Date
  /** Chosen in the graph. */
  isSelected: boolean
}

const KINDS = {
  step: '',
  sleep: 'sleep',
  wait: 'wait for an event',
  human: 'person',
} as const satisfies Record<RunStep['kind'], string>

/** One step, its details on demand; a failed or a chosen one is open. */
export function JourneyStep({ runId, step, startedAt, isSelected }: JourneyStepProps) {
  const { name, status, attempts, error } = step
  const state: State =
    step.kind === 'human' && status === 'waiting' ? 'human' : STATE_OF_STEP[status]
  const about = [KINDS[step.kind], step.connection, step.action].filter(Boolean).join(' · ')
  return (
    <li className="border-l-2 border-border pl-3 hover:border-control">
      <details open={status === 'failed' || isSelected}>
        <summary className="flex min-h-7 flex-wrap items-center gap-x-2">
          <StateGlyph state={state} />
          <span>{name}</span>
          {attempts.length > 1 && <span className="text-xs font-semibold">×{attempts.length}</span>}
          {about !== '' && <span className="text-xs text-muted">{about}</span>}
          <span className="text-xs text-muted">{STATE_LOOKS[state].word}</span>
          <span className="ml-auto text-xs text-muted">
            <Timing step={step} startedAt={startedAt} />
          </span>
        </summary>
        <div className="grid gap-3 pt-1 pb-3">
          {error !== null && (
            <p className="font-mono text-xs [overflow-wrap:anywhere] text-failed-ink">{error}</p>
          )}
          {isUnsure(step) && <ResolveStep runId={runId} name={name} />}
          {attempts.length > 0 && <Attempts attempts={attempts} />}
          {step.input !== null && <JsonView value={step.input} label={`Input of ${name}`} />}
          {step.output !== null && <JsonView value={step.output} label={`Output of ${name}`} />}
          {error === null &&
            attempts.length === 0 &&
            step.input === null &&
            step.output === null && (
              <p className="text-xs text-muted">Nothing was recorded for this step.</p>
            )}
        </div>
      </details>
    </li>
  )
}

function Timing({ step, startedAt }: Pick<JourneyStepProps, 'step' | 'startedAt'>) {
  const { status, start_ms, duration_ms, limit_ms } = step
  if (status === 'waiting' && limit_ms !== null) {
    const dueAt = new Date(startedAt.getTime() + start_ms + limit_ms)
    return (
      <>
        until <Instant at={dueAt.toISOString()} />
      </>
    )
  }
  return <>{duration_ms === null ? '–' : renderDuration(duration_ms)}</>
}
