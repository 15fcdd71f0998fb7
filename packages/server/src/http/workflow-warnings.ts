// What a workflow and the agents that use it promise each other, and do not keep: said with the
// answer to a write, from the workflow's side.

import type { WorkflowWarning } from '@bookend/contract'
import { placeholdersOf } from '@bookend/core'
import type { AgentInMemory } from '../snapshot.ts'
import type { ValidDraft } from '../workflows/draft.ts'
import { describeOverBudget } from '../workflows/over-budget.ts'
import type { LoadedWorkflow } from '../workflows/registry.ts'
import { warningsOf } from './agent-warnings.ts'

export function workflowWarnings(
  { workflow, warnings }: Pick<ValidDraft, 'workflow' | 'warnings'>,
  agents: readonly AgentInMemory[],
): WorkflowWarning[] {
  const { definition, graph } = workflow
  const slow = describeOverBudget(definition, graph)
  return [
    ...warnings.map(({ line, column, path, message }): WorkflowWarning => ({
      code: 'unused',
      message: path === '' ? message : `${path}: ${message}`,
      line,
      column,
      agent: null,
    })),
    ...(slow === null ? [] : [{ ...nowhere, code: 'over_budget' as const, message: slow }]),
    ...agents.flatMap((agent) => warnOfAgent(workflow, agent)),
    ...warnUnmentioned(workflow, agents),
  ]
}

const nowhere = { line: null, column: null, agent: null }

function warnOfAgent(
  { definition, ...workflow }: LoadedWorkflow,
  { id, name, settings }: AgentInMemory,
): WorkflowWarning[] {
  if (definition.kind !== 'pre-call') return []
  const known = { preCall: () => ({ ...workflow, definition }) }
  return warningsOf(settings, known).flatMap(({ code, message }) =>
    code === 'placeholder_without_value' || code === 'budget_cut'
      ? [{ code, message, line: null, column: null, agent: { id, name } }]
      : [],
  )
}

function warnUnmentioned(
  { definition }: LoadedWorkflow,
  agents: readonly AgentInMemory[],
): WorkflowWarning[] {
  if (definition.kind !== 'pre-call' || agents.length === 0) return []
  const texts = agents.flatMap(({ settings }) => [settings.prompt, settings.first_message ?? ''])
  const mentioned = new Set(texts.flatMap(placeholdersOf))
  return Object.keys(definition.parameters)
    .filter((name) => !mentioned.has(name))
    .map((name) => ({
      ...nowhere,
      code: 'parameter_unused',
      message: `No agent that uses this workflow mentions {{${name}}}`,
    }))
}
