import type { Run } from '@bookend/contract'
import { lazy, Suspense, useMemo } from 'react'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useWorkflow } from '../queries.ts'
import { graphOfPinned } from './graph-of-pinned.ts'
import { graphOfRun } from './graph-of-run.ts'

const StepGraph = lazy(() =>
  import('./step-graph.tsx').then((loaded) => ({ default: loaded.StepGraph })),
)

interface RunGraphProps {
  run: Run
  selected: string | undefined
  onSelect: (step: string) => void
}

/** A run on the definition that it keeps, where that is at hand; else as its steps followed. */
export function RunGraph({ run, selected, onSelect }: RunGraphProps) {
  const { data: workflow, isPending } = useWorkflow(run.workflow)
  const isPinned = workflow?.version === run.version
  const steps = isPinned ? workflow?.steps : undefined
  const graph = useMemo(
    () => (steps === undefined ? graphOfRun(run) : graphOfPinned(run, steps)),
    [run, steps],
  )
  if (isPending) return <Skeleton what="the graph" rows={3} />
  return (
    <Suspense fallback={<Skeleton what="the graph" rows={3} />}>
      <StepGraph
        graph={graph}
        label={`Graph of ${run.workflow}`}
        selected={selected}
        onSelect={onSelect}
      />
      {steps === undefined && (
        <p className="px-4 pb-2 text-xs text-muted">
          Drawn from the run: an arrow says that one step began after the other.
        </p>
      )}
    </Suspense>
  )
}
