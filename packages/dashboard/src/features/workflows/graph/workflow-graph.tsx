import type { Run, Workflow } from '@bookend/contract'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Card } from '../../../ui/card.tsx'
import { Failed } from '../../../ui/failed.tsx'
import { Instant } from '../../../ui/instant.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { StepPanel } from '../../runs/step-panel.tsx'
import { useRun, useRuns } from '../queries.ts'
import { GraphCard } from './graph-card.tsx'
import { graphOfRun } from './graph-of-run.ts'
import { graphOfSteps } from './graph-of-steps.ts'

/** What a workflow does: from its text, or, where that is TypeScript, from its newest run. */
export function WorkflowGraph({ workflow }: { workflow: Workflow }) {
  return workflow.form === 'yaml' ? (
    <Written workflow={workflow} />
  ) : (
    <AsItRan name={workflow.name} />
  )
}

/** A step leads to its lines. */
function Written({ workflow }: { workflow: Workflow }) {
  const navigate = useNavigate()
  const { name, kind, on, steps } = workflow
  const graph = useMemo(() => graphOfSteps({ kind, on, steps: steps ?? [] }), [kind, on, steps])
  if (steps === undefined || steps.length === 0) return null
  return (
    <GraphCard
      name={name}
      graph={graph}
      selected={undefined}
      onSelect={(step) =>
        void navigate({ to: '/workflows/$name/edit', params: { name }, search: { step } })
      }
    />
  )
}

function AsItRan({ name }: { name: string }) {
  const runs = useRuns(name)
  const newest = runs.data?.find(({ status }) => status !== 'queued' && status !== 'suppressed')
  const run = useRun(newest?.id)
  if (run.data !== undefined) return <Ran run={run.data} />
  const error = runs.error ?? run.error
  if (error !== null) {
    const retry = (): void => void Promise.all([runs.refetch(), run.refetch()])
    return <Failed what="The newest run" error={error} retry={retry} />
  }
  if (runs.data === undefined || newest !== undefined) {
    return <Skeleton what="the graph" rows={3} />
  }
  return (
    <Card title="Steps">
      <p className="text-muted">
        The steps of a workflow in TypeScript are known once it has run; it has not yet.
      </p>
    </Card>
  )
}

function Ran({ run }: { run: Run }) {
  const [selected, setSelected] = useState<string>()
  const graph = useMemo(() => graphOfRun(run), [run])
  const step = run.steps.find(({ name }) => name === selected)
  return (
    <GraphCard
      name={run.workflow}
      graph={graph}
      aside={
        <p className="text-xs text-muted">
          as it ran at <Instant at={run.started_at} />; an arrow says that one began after the other
        </p>
      }
      selected={selected}
      onSelect={setSelected}
    >
      {step !== undefined && (
        <StepPanel
          id="step-of-graph"
          step={step}
          label={null}
          onClose={() => setSelected(undefined)}
        />
      )}
    </GraphCard>
  )
}
