import { createId } from '@bookend/core'
import type { Context } from '../../context.ts'
import { configChanged } from '../../context.ts'
import { lockAgent } from '../../store/postgres/agents.ts'
import * as numbers from '../../store/postgres/numbers.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export function numberRoutes(context: Context) {
  const { database, reads, clock } = context
  return {
    async createNumber({ body, access: { workspaceId } }) {
      const number = { workspace_id: workspaceId, id: createId(clock.now()), ...body }
      const row = await database.transaction((client) => numbers.insertNumber(client, number))
      if (row === undefined) {
        throw new ProblemError(
          'already_exists',
          `The workspace has the number ${body.number} already`,
        )
      }
      await configChanged(context, workspaceId)
      return numbers.renderNumber(row)
    },

    async listNumbers({ query, access: { workspaceId } }) {
      const { page, next } = await numbers.listNumbers(reads, workspaceId, query)
      return { numbers: page.map(numbers.renderNumber), next_cursor: next }
    },

    async deleteNumber({ params, access: { workspaceId } }) {
      const isDeleted = await database.transaction((client) =>
        numbers.deleteNumber(client, workspaceId, params.id),
      )
      if (!isDeleted) throw notFound('number')
      await configChanged(context, workspaceId)
    },

    async assignAgent({ params, body, access: { workspaceId } }) {
      const { agent_uuid: agentId, version_id: version } = body
      const message = await database.transaction(async (client) => {
        const agent = agentId === null ? null : await lockAgent(client, workspaceId, agentId)
        if (agent === undefined) throw notFound('agent')
        if (agent !== null && version !== null && version !== agent.version) {
          throw invalid('version_id', `must be the agent's version, which is ${agent.version}`)
        }
        const number = await numbers.assignAgent(client, workspaceId, params.id, agentId)
        if (number === undefined) throw notFound('number')
        return agent === null ? `Nobody answers ${number}` : `${agent.name} answers ${number}`
      })
      await configChanged(context, workspaceId)
      return { message }
    },
  } satisfies Partial<Handlers>
}
