// A workflow as nodes and edges, from whatever is known of it: its definition, or a run.

import type { State } from '../../../theme/states.ts'

export interface GraphNode {
  /** One of a kind in its graph; a step's is its name. */
  readonly id: string
  readonly kind: 'start' | 'step' | 'branch' | 'answer'
  readonly title: string
  /** What it uses, or what it waits for. */
  readonly subtitle: string
  /** How it went; null: nothing ran. */
  readonly state: State | null
  /** Of a step that runs once the call was answered. */
  readonly isAfter: boolean
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** `open`: nothing came along yet. */
  readonly way: 'taken' | 'open' | 'not_taken'
}

export interface Graph {
  /** In the order in which they are read. */
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Ids of what is no step; a step's name cannot hold a space. */
export const START = 'the start'
export const ANSWER = 'the answer'

/** Without the edges that a longer way says as well. */
export function reduceEdges(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (next.get(from) ?? []).some((node) => {
      if (node === to) return true
      if (seen.has(node)) return false
      seen.add(node)
      return reaches(node, to, seen)
    })
  return edges.filter(
    ({ from, to }) =>
      !(next.get(from) ?? []).some((between) => between !== to && reaches(between, to)),
  )
}
