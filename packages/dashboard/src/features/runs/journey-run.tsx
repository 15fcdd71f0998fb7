import type { Run } from '@bookend/contract'
import { useState } from 'react'
import { renderDuration } from '../../format/duration.ts'
import { STATE_OF_RUN } from '../../theme/states.ts'
import { Button } from '../../ui/button.tsx'
import { Id } from '../../ui/copy-text.tsx'
import { Instant } from '../../ui/instant.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { RunGraph } from '../workflows/graph/run-graph.tsx'
import { JourneyStep } from './journey-step.tsx'
import { RunActions } from './run-actions.tsx'

export function JourneyRun({ run }: { run: Run }) {
  const [isDrawn, setIsDrawn] = useState(false)
  const [selected, setSelected] = useState<string>()
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateBadge state={STATE_OF_RUN[run.status]}>
          {run.is_paused === true ? 'paused' : run.status}
        </StateBadge>
        <h3 className="font-semibold">{run.workflow}</h3>
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
          {run.event_type !== null && <span>on {run.event_type}</span>}
          <span>
            <Instant at={run.started_at} />
            {run.duration_ms !== null && `, ${renderDuration(run.duration_ms)}`}
          </span>
          {run.version !== null && <span title={run.version}>{run.version.slice(0, 8)}</span>}
          <Id id={run.id} label="Copy run id" />
          {run.replay_of != null && <span>replay of {run.replay_of.slice(-8)}</span>}
        </p>
        {run.steps.length > 0 && (
          <Button look="quiet" aria-pressed={isDrawn} onClick={() => setIsDrawn(!isDrawn)}>
            Graph
          </Button>
        )}
        <RunActions run={run} />
      </div>
      {run.error !== null && (
        <p className="mt-2 rounded-control bg-failed-tint px-3 py-2 [overflow-wrap:anywhere] text-failed-ink">
          {run.error}
        </p>
      )}
      {isDrawn && (
        <div className="mt-2 rounded-control border border-border">
          <RunGraph run={run} selected={selected} onSelect={setSelected} />
        </div>
      )}
      {run.steps.length === 0 ? (
        <p className="mt-2 text-muted">{explainNoSteps(run)}</p>
      ) : (
        <ol aria-label={`Steps of ${run.workflow}`} className="mt-2 grid">
          {run.steps.map((step) => (
            <JourneyStep
              key={step.name}
              runId={run.id}
              step={step}
              isSelected={step.name === selected}
              startedAt={new Date(run.started_at)}
            />
          ))}
        </ol>
      )}
    </li>
  )
}

function explainNoSteps({ status, key, is_paused }: Run): string {
  if (is_paused === true) return 'Waits until the journey is resumed on its own screen.'
  if (status === 'queued') {
    return key === null
      ? 'Waits for a worker.'
      : 'Waits for a worker, or for another run of the same key.'
  }
  return status === 'suppressed'
    ? 'Not run: another run of the same key did this work.'
    : 'No step was recorded.'
}
