import { type WorkflowGraph, worstCaseMs } from '@bookend/core/yaml'
import type { LoadedWorkflow } from './registry.ts'

/** What is to be said of steps that were promised more time than there is; null when they fit. */
export function describeOverBudget(
  definition: LoadedWorkflow['definition'],
  graph: WorkflowGraph | null,
): string | null {
  if (definition.kind !== 'pre-call' || graph === null) return null
  const longestMs = worstCaseMs(graph)
  const { budgetMs } = definition
  if (budgetMs === null || longestMs <= budgetMs) return null
  return `its steps may take ${longestMs} ms one after the other, and the budget is ${budgetMs} ms: the last ones are cut (shorten timeouts, or let fewer steps wait for each other)`
}
