// The graph of the definition that a run keeps, coloured by the run.
//
// P1. Every step of the definition is shown: what was not taken stays, dashed.

import type { Run, RunStep, WorkflowStep } from '@bookend/contract'
import type { Graph, GraphEdge, GraphNode } from './graph.ts'
import { describeRan, stateOfRan } from './graph-of-run.ts'
import { graphOfSteps } from './graph-of-steps.ts'

/** @param steps Of the version that the run began with. */
export function graphOfPinned(run: Run, steps: readonly WorkflowStep[]): Graph {
  const { kind, event_type: on, finished_at: finishedAt } = run
  const { nodes, edges } = graphOfSteps({ kind, steps, on })
  const ran = new Map(run.steps.map((step) => [step.name, step]))
  const rest = finishedAt === null ? 'open' : 'not_taken'
  const wayTo = (id: string, seen: readonly string[] = []): GraphEdge['way'] => {
    const step = ran.get(id)
    if (step !== undefined) return isTaken(step) ? 'taken' : 'not_taken'
    if (nodes.some((node) => node.id === id && node.kind === 'answer')) return 'taken'
    // A branch was taken when anything behind it was.
    const behind = edges.filter(({ from }) => from === id && !seen.includes(id))
    const isStep = steps.some(({ name }) => name === id)
    const isAny = !isStep && behind.some(({ to }) => wayTo(to, [...seen, id]) === 'taken')
    return isAny ? 'taken' : rest
  }
  return {
    nodes: nodes.map((node) => colour(node, ran.get(node.id), rest === 'open')),
    edges: edges.map((edge) => ({ ...edge, way: wayTo(edge.to) })),
  }
}

const isTaken = ({ status }: RunStep): boolean => status !== 'skipped' && status !== 'not_started'

function colour(node: GraphNode, step: RunStep | undefined, isOpen: boolean): GraphNode {
  if (step !== undefined) {
    return { ...node, state: stateOfRan(step), subtitle: describeRan(step) }
  }
  if (node.kind !== 'step') return node
  return isOpen
    ? { ...node, subtitle: 'not yet' }
    : { ...node, state: 'skipped', subtitle: 'not taken' }
}
