import type { Workflow } from '@bookend/contract'
import type { Context } from '../../context.ts'
import { findRun, listRuns } from '../../store/postgres/runs.ts'
import type { LoadedWorkflow } from '../../workflows/registry.ts'
import type { Handlers } from '../handlers.ts'
import { notFound } from '../problem.ts'

export function workflowRoutes({ registry, reads }: Context) {
  return {
    async listWorkflows() {
      return { workflows: registry.list().map(renderWorkflow) }
    },

    async getWorkflow({ params }) {
      const workflow = registry.list().find(({ name }) => name === params.name)
      if (workflow === undefined) throw notFound('workflow')
      return renderWorkflow(workflow)
    },

    async listRuns({ query, access: { workspaceId } }) {
      const { page, next } = await listRuns(reads, workspaceId, query)
      return { runs: page, next_cursor: next }
    },

    async getRun({ params, access: { workspaceId } }) {
      const run = await findRun(reads, workspaceId, params.id)
      if (run === null) throw notFound('run')
      return run
    },
  } satisfies Partial<Handlers>
}

function renderWorkflow({ definition, updatedAt, ...workflow }: LoadedWorkflow): Workflow {
  const { name, kind, form, version } = workflow
  const isPreCall = definition.kind === 'pre-call'
  return {
    name,
    kind,
    form,
    version,
    budget_ms: isPreCall ? definition.budgetMs : null,
    on: isPreCall ? null : definition.on,
    parameters: isPreCall ? Object.keys(definition.parameters) : [],
    connections: { ...definition.connections },
    updated_at: updatedAt.toISOString(),
  }
}
