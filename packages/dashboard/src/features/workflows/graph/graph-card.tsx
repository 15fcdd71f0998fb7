import { lazy, type ReactNode, Suspense } from 'react'
import { Card } from '../../../ui/card.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { Graph } from './graph.ts'

const StepGraph = lazy(() =>
  import('./step-graph.tsx').then((loaded) => ({ default: loaded.StepGraph })),
)

interface GraphCardProps {
  name: string
  graph: Graph
  /** What the picture is of. */
  aside?: ReactNode
  selected: string | undefined
  onSelect: (step: string) => void
  children?: ReactNode
}

export function GraphCard({ name, graph, aside, selected, onSelect, children }: GraphCardProps) {
  return (
    <Card title="Steps" flush aside={aside}>
      <Suspense
        fallback={
          <div className="p-4">
            <Skeleton what="the graph" rows={3} />
          </div>
        }
      >
        <StepGraph
          graph={graph}
          label={`Graph of ${name}`}
          selected={selected}
          onSelect={onSelect}
        />
      </Suspense>
      {children}
    </Card>
  )
}
