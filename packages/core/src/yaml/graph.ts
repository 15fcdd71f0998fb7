// Which step waits for which, as the dashboard draws it and the budget is reckoned from.

import type { Effect } from '../ports/verdict.ts'

export interface GraphStep {
  readonly name: string
  readonly kind: 'use' | 'value' | 'sleep' | 'wait_for' | 'human' | 'emit' | 'tag' | 'call_later'
  /** `<connection>.<noun>.<verb>`, as the file says it. */
  readonly use: string | null
  /** What its action does elsewhere; null for a step without one. */
  readonly effect: Effect | null
  readonly needs: readonly string[]
  /** The expression that decides whether it runs, as the file has it. */
  readonly condition: string | null
  /** It runs once the call was answered. */
  readonly isAfter: boolean
  /** The longest it may take; 0 for what is only computed, null for what waits. */
  readonly limitMs: number | null
  readonly line: number
}

export interface WorkflowGraph {
  /** In an order in which each comes after what it needs; those after the answer are the last. */
  readonly steps: readonly GraphStep[]
  /** The steps that the answer mentions; empty for a journey. */
  readonly answerNeeds: readonly string[]
  readonly budgetMs: number | null
}

export type Order =
  | { readonly kind: 'order'; readonly names: readonly string[] }
  /** Each needs the next, and the last is the first again. */
  | { readonly kind: 'circle'; readonly names: readonly string[] }

/** Names in an order in which each comes after what it needs, as close to the given one as can be. */
export function orderByNeed(needs: ReadonlyMap<string, readonly string[]>): Order {
  const done = new Set<string>()
  const open: string[] = []
  const visit = (name: string): readonly string[] | null => {
    if (done.has(name)) return null
    if (open.includes(name)) return [...open.slice(open.indexOf(name)), name]
    open.push(name)
    for (const need of needs.get(name) ?? []) {
      const circle = needs.has(need) ? visit(need) : null
      if (circle !== null) return circle
    }
    open.pop()
    done.add(name)
    return null
  }
  for (const name of needs.keys()) {
    const circle = visit(name)
    if (circle !== null) return { kind: 'circle', names: circle }
  }
  return { kind: 'order', names: [...done] }
}

/**
 * How long the answer of a pre-call workflow may take when every step takes all its time: the
 * longest way through the steps it needs. The budget cuts it; what is above the budget is time that
 * steps were promised and do not get.
 */
export function worstCaseMs({ steps, answerNeeds }: WorkflowGraph): number {
  const endsAtMs = new Map<string, number>()
  const longest = (names: readonly string[]): number =>
    Math.max(0, ...names.map((name) => endsAtMs.get(name) ?? 0))
  for (const { name, needs, limitMs } of steps) endsAtMs.set(name, longest(needs) + (limitMs ?? 0))
  return longest(answerNeeds)
}
