import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { simulateWorkflow } from '../../precall/simulate-workflow.ts'
import { findRun, listRuns } from '../../store/postgres/runs.ts'
import {
  createWorkflowToken,
  storeToken,
  workflowTokenContext,
} from '../../store/postgres/workflow-tokens.ts'
import type { LoadedJourney, LoadedPreCall, LoadedWorkflow } from '../../workflows/registry.ts'
import { getDraft } from '../get-draft.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'
import { renderWhole, renderWorkflow } from '../render-workflow.ts'
import { backtestRoutes } from './backtest.ts'
import { dryRunRoutes } from './dry-run.ts'
import { publishRoutes } from './publish-workflows.ts'

export function workflowRoutes(context: Context) {
  const { registry, reads, database, secrets, snapshot, publisher, drafts, clock, pauses } = context

  /** What the folder has is everybody's; what was published is its workspace's. */
  const isShown = ({ origin }: LoadedWorkflow, workspaceId: string): boolean =>
    origin === 'file' || publisher.serves(workspaceId)

  function getWorkflow(name: string, workspaceId: string): LoadedWorkflow {
    const workflow = registry.find(name)
    if (workflow === null || !isShown(workflow, workspaceId)) throw notFound('workflow')
    return workflow
  }

  /** @throws {ProblemError} There is none of that name, or it is a journey. */
  const getPreCall = (name: string, workspaceId: string): LoadedPreCall =>
    asPreCall(getWorkflow(name, workspaceId))

  const readPreCall = (name: string, source: string): LoadedPreCall =>
    asPreCall(getDraft(drafts, name, source, clock.now()).workflow)

  const getJourney = (name: string, workspaceId: string): LoadedJourney =>
    asJourney(getWorkflow(name, workspaceId))
  const readJourney = (name: string, source: string): LoadedJourney =>
    asJourney(getDraft(drafts, name, source, clock.now()).workflow)

  return {
    ...publishRoutes(context),
    ...backtestRoutes(context, { getPreCall, readPreCall }),
    ...dryRunRoutes(context, { getJourney, readJourney }),

    async listWorkflows({ access: { workspaceId } }) {
      const shown = registry.list().filter((workflow) => isShown(workflow, workspaceId))
      return {
        workflows: shown.map((workflow) => ({
          ...renderWorkflow(workflow),
          paused: pauses.find(workspaceId, 'workflow', workflow.name),
        })),
      }
    },

    async getWorkflow({ params, access: { workspaceId }, asked }) {
      const workflow = getWorkflow(params.name, workspaceId)
      asked.setHeader('etag', `"${workflow.version}"`)
      const paused = pauses.find(workspaceId, 'workflow', workflow.name)
      return { ...renderWhole(workflow), paused }
    },

    async simulateWorkflow({ params: { name }, body, access: { workspaceId } }) {
      const { agent_id: agentId, source } = body
      const workflow =
        source === undefined ? getPreCall(name, workspaceId) : readPreCall(name, source)
      const agent = agentId === undefined ? null : snapshot.findAgent(workspaceId, agentId)
      if (agent === undefined) throw invalid('agent_id', 'is not an agent of this workspace')
      return await simulateWorkflow(context.answerParts, { workspaceId, workflow, agent, body })
    },

    async rotateWorkflowToken({ params, access: { workspaceId } }) {
      const { name } = getPreCall(params.name, workspaceId)
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

function asPreCall(workflow: LoadedWorkflow): LoadedPreCall {
  const { definition, name } = workflow
  if (definition.kind === 'pre-call') return { ...workflow, definition }
  throw new ProblemError('state_conflict', `"${name}" is a journey; this is for pre-call workflows`)
}

function asJourney(workflow: LoadedWorkflow): LoadedJourney {
  const { definition, name } = workflow
  if (definition.kind === 'journey') return { ...workflow, definition }
  throw new ProblemError('state_conflict', `"${name}" runs before a call; this is for journeys`)
}
