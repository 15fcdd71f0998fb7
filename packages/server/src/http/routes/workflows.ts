import type { Workflow } from '@bookend/contract'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { simulateWorkflow } from '../../precall/simulate-workflow.ts'
import { findRun, listRuns } from '../../store/postgres/runs.ts'
import {
  createWorkflowToken,
  storeToken,
  workflowTokenContext,
} from '../../store/postgres/workflow-tokens.ts'
import type { LoadedWorkflow } from '../../workflows/registry.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export function workflowRoutes(context: Context) {
  const { registry, reads, database, secrets, snapshot } = context

  function getWorkflow(name: string): LoadedWorkflow {
    const workflow = registry.list().find((loaded) => loaded.name === name)
    if (workflow === undefined) throw notFound('workflow')
    return workflow
  }

  /** @throws {ProblemError} There is none of that name, or it is a journey. */
  function getPreCall(name: string): LoadedWorkflow {
    const workflow = getWorkflow(name)
    if (workflow.kind === 'pre-call') return workflow
    throw new ProblemError(
      'state_conflict',
      `"${name}" is a journey; this is for pre-call workflows`,
    )
  }

  return {
    async listWorkflows() {
      return { workflows: registry.list().map(renderWorkflow) }
    },

    async getWorkflow({ params }) {
      const workflow = getWorkflow(params.name)
      const { source } = workflow
      return { ...renderWorkflow(workflow), ...(source === undefined ? {} : { source }) }
    },

    async simulateWorkflow({ params, body, access: { workspaceId } }) {
      const workflow = getPreCall(params.name)
      const { agent_id: agentId } = body
      const agent = agentId === undefined ? null : snapshot.findAgent(workspaceId, agentId)
      if (agent === undefined) throw invalid('agent_id', 'is not an agent of this workspace')
      return await simulateWorkflow(context.answerParts, { workspaceId, workflow, agent, body })
    },

    async rotateWorkflowToken({ params, access: { workspaceId } }) {
      const { name } = getPreCall(params.name)
      const token = createWorkflowToken()
      const sealed = secrets.encrypt(token, workflowTokenContext(workspaceId, name))
      const until = await database.transaction((client) =>
        storeToken(client, workspaceId, name, sealed),
      )
      await configChanged(context, workspaceId)
      return { token, previous_valid_until: until?.toISOString() ?? null }
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
