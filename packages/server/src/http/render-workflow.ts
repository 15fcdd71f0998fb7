import type { Workflow, WorkflowProblem, WorkflowStep, WorkflowVersion } from '@bookend/contract'
import type { Problem, WorkflowGraph } from '@bookend/core/yaml'
import { worstCaseOf } from '../workflows/draft.ts'
import type { LoadedWorkflow } from '../workflows/registry.ts'
import type { ListedVersion } from '../workflows/versions.ts'

export function renderWorkflow(workflow: LoadedWorkflow): Workflow {
  const { name, kind, form, origin, version, definition, updatedAt } = workflow
  const isPreCall = definition.kind === 'pre-call'
  return {
    name,
    kind,
    form,
    origin,
    version,
    budget_ms: isPreCall ? definition.budgetMs : null,
    worst_case_ms: worstCaseOf(workflow),
    on: isPreCall ? null : definition.on,
    parameters: isPreCall ? Object.keys(definition.parameters) : [],
    connections: { ...definition.connections },
    updated_at: updatedAt.toISOString(),
  }
}

/** With what is too long for a list. */
export function renderWhole(workflow: LoadedWorkflow): Workflow {
  const { source, graph } = workflow
  return {
    ...renderWorkflow(workflow),
    ...(source === undefined ? {} : { source }),
    ...(graph === null ? {} : { steps: renderSteps(graph) }),
  }
}

export const renderSteps = ({ steps, answerNeeds }: WorkflowGraph): WorkflowStep[] =>
  steps.map(({ name, kind, use, effect, needs, condition, limitMs, isAfter, line }) => ({
    name,
    kind,
    use,
    effect,
    needs: [...needs],
    if: condition,
    limit_ms: limitMs,
    after_answer: isAfter,
    in_answer: answerNeeds.includes(name),
    line,
  }))

export const renderFault = ({ line, column, path, message, hint }: Problem): WorkflowProblem => ({
  line,
  column,
  path,
  message,
  hint,
})

export const renderVersion = (
  { version, kind, form, createdAt, publishedAt, publishedBy }: ListedVersion,
  active: string | null,
): WorkflowVersion => ({
  version,
  kind: kind as WorkflowVersion['kind'],
  form: form as WorkflowVersion['form'],
  active: version === active,
  created_at: createdAt.toISOString(),
  published_at: publishedAt?.toISOString() ?? null,
  published_by: publishedBy,
})
