// The graph of a definition: what each step waits for, conditions between, the answer at its place.
//
//   start ─▶ steps, each behind what it mentions ─▶ answer ─▶ steps after the answer
//
// G1. The answer is behind the steps that it mentions, and behind no other.
// G2. Steps that share a condition and what they wait for share its branch.

import type { WorkflowKind, WorkflowStep } from '@bookend/contract'
import { renderLimit } from '../../../format/duration.ts'
import { ANSWER, type Graph, type GraphEdge, type GraphNode, reduceEdges, START } from './graph.ts'

interface Definition {
  readonly kind: WorkflowKind
  readonly steps: readonly WorkflowStep[]
  /** The event that a journey begins with. */
  readonly on: string | null
}

export function graphOfSteps({ kind, steps, on }: Definition): Graph {
  const before = steps.filter((step) => !step.after_answer)
  const after = steps.filter((step) => step.after_answer)
  const nodes: GraphNode[] = [
    node(START, 'start', kind === 'journey' ? (on ?? 'event') : 'call comes in', ''),
  ]
  const edges: GraphEdge[] = []
  const add = (list: readonly WorkflowStep[], root: string): void => {
    for (const step of list) addStep(step, list, root, nodes, edges)
  }
  add(before, START)
  if (kind === 'pre-call') {
    nodes.push(node(ANSWER, 'answer', 'answer', ''))
    const needed = before.filter((step) => step.in_answer)
    const ends = needed.length === 0 ? [START] : needed.map(({ name }) => name)
    edges.push(...ends.map((from) => edge(from, ANSWER)))
    add(after, ANSWER)
  }
  return { nodes, edges: reduceEdges(edges) }
}

function addStep(
  step: WorkflowStep,
  siblings: readonly WorkflowStep[],
  root: string,
  nodes: GraphNode[],
  edges: GraphEdge[],
): void {
  const { name, needs, if: condition, after_answer: isAfter } = step
  const own = needs.filter((need) => siblings.some((sibling) => sibling.name === need))
  const sources = own.length === 0 ? [root] : own
  if (condition === null) {
    edges.push(...sources.map((from) => edge(from, name)))
  } else {
    const branch = `if ${condition} after ${[...sources].toSorted().join(' ')}`
    if (!nodes.some(({ id }) => id === branch)) {
      nodes.push({ ...node(branch, 'branch', condition, ''), isAfter })
      edges.push(...sources.map((from) => edge(from, branch)))
    }
    edges.push(edge(branch, name))
  }
  nodes.push({ ...node(name, 'step', name, describe(step)), isAfter })
}

const node = (id: string, kind: GraphNode['kind'], title: string, subtitle: string): GraphNode => ({
  id,
  kind,
  title,
  subtitle,
  state: null,
  isAfter: false,
})

const edge = (from: string, to: string): GraphEdge => ({ from, to, way: 'taken' })

const WORDS = {
  value: 'computed',
  sleep: 'waits',
  wait_for: 'waits for an event',
  human: 'asks a person',
  emit: 'emits an event',
  tag: 'tags the call',
  call_later: 'calls back later',
} as const satisfies Record<Exclude<WorkflowStep['kind'], 'use'>, string>

function describe({ kind, use, effect, limit_ms: limitMs }: WorkflowStep): string {
  if (kind !== 'use') return WORDS[kind]
  const limit = limitMs === null || limitMs === 0 ? '' : ` · ${renderLimit(limitMs)}`
  return `${use ?? 'action'}${effect === 'write' ? ' · writes' : ''}${limit}`
}
