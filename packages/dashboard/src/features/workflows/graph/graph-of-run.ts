// The graph of a run whose definition is not at hand, as of a workflow in TypeScript: an arrow says
// that one step began once the other was over, which is all that a run can tell.

import type { Run, RunStep } from '@bookend/contract'
import { renderDuration } from '../../../format/duration.ts'
import { STATE_LOOKS, STATE_OF_RUN, STATE_OF_STEP, type State } from '../../../theme/states.ts'
import { ANSWER, type Graph, type GraphEdge, type GraphNode, reduceEdges, START } from './graph.ts'

/** Starts are told in whole milliseconds, so a follower may seem to begin a little early. */
const SLACK_MS = 1

export function graphOfRun(run: Run): Graph {
  const steps = run.steps.toSorted((a, b) => a.start_ms - b.start_ms)
  const before = steps.filter((step) => !step.after_answer)
  const after = steps.filter((step) => step.after_answer)
  const isPreCall = run.kind === 'pre-call'
  const answer: GraphNode = {
    id: ANSWER,
    kind: 'answer',
    title: 'answer',
    isAfter: false,
    subtitle: run.duration_ms === null ? '' : renderDuration(run.duration_ms),
    state: STATE_OF_RUN[run.status],
  }
  const nodes = [
    startOf(run),
    ...before.map(nodeOf),
    ...(isPreCall ? [answer] : []),
    ...after.map(nodeOf),
  ]
  const answerEdges = isPreCall ? lastOf(before).map((from) => edge(from, ANSWER)) : []
  const edges = [...edgesOf(before, START), ...answerEdges, ...edgesOf(after, ANSWER)]
  return { nodes, edges: reduceEdges(edges) }
}

function edgesOf(steps: readonly RunStep[], root: string): GraphEdge[] {
  return steps.flatMap((step) => {
    const over = steps.filter((other) => other !== step && endOf(other) <= step.start_ms + SLACK_MS)
    const earlier = over.filter((other) => other.start_ms < step.start_ms)
    const way = step.status === 'skipped' || step.status === 'not_started' ? 'not_taken' : 'taken'
    const from = earlier.length === 0 ? [root] : earlier.map(({ name }) => name)
    return from.map((name): GraphEdge => ({ from: name, to: step.name, way }))
  })
}

const endOf = ({ start_ms: startMs, duration_ms: tookMs }: RunStep): number =>
  tookMs === null ? Number.POSITIVE_INFINITY : startMs + tookMs

/** Steps that no other began after: what was waited for at the end. */
function lastOf(steps: readonly RunStep[]): readonly string[] {
  if (steps.length === 0) return [START]
  const followed = new Set(edgesOf(steps, START).map(({ from }) => from))
  return steps.filter(({ name }) => !followed.has(name)).map(({ name }) => name)
}

const edge = (from: string, to: string): GraphEdge => ({ from, to, way: 'taken' })

const startOf = ({ kind, event_type: event }: Run): GraphNode => ({
  id: START,
  kind: 'start',
  title: kind === 'journey' ? (event ?? 'event') : 'call comes in',
  subtitle: '',
  state: null,
  isAfter: false,
})

const nodeOf = (step: RunStep): GraphNode => ({
  id: step.name,
  kind: 'step',
  title: step.name,
  subtitle: describeRan(step),
  state: stateOfRan(step),
  isAfter: step.after_answer,
})

export const stateOfRan = ({ kind, status }: RunStep): State =>
  kind === 'human' && status === 'waiting' ? 'human' : STATE_OF_STEP[status]

/** How a step went, in words: `ok ×2 · hubspot/main · 305 ms`. */
export function describeRan(step: RunStep): string {
  const { attempts, connection, duration_ms: tookMs } = step
  const tries = attempts.length > 1 ? ` ×${attempts.length}` : ''
  const parts = [connection, tookMs === null ? null : renderDuration(tookMs)]
  const words = `${STATE_LOOKS[stateOfRan(step)].word}${tries}`
  return [words, ...parts.filter((part) => part !== null)].join(' · ')
}
