import type { Context } from '../../context.ts'
import * as calls from '../../store/postgres/scheduled-calls.ts'
import type { Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

export function scheduledCallRoutes({ reads, database }: Pick<Context, 'reads' | 'database'>) {
  async function get(workspaceId: string, id: string) {
    const found = await calls.findScheduledCall(reads, workspaceId, id)
    if (found === null) throw notFound('scheduled call')
    return found
  }
  return {
    async listScheduledCalls({ query, access: { workspaceId } }) {
      const { page, next } = await calls.listScheduledCalls(reads, workspaceId, query)
      return { scheduled_calls: page, next_cursor: next }
    },

    async getScheduledCall({ params: { id }, access: { workspaceId } }) {
      return await get(workspaceId, id)
    },

    async cancelScheduledCall({ params: { id }, access: { workspaceId } }) {
      const isCancelled = await calls.cancelScheduledCall(database.pool, workspaceId, id)
      const call = await get(workspaceId, id)
      if (isCancelled) return call
      throw new ProblemError(
        'state_conflict',
        `The call is ${call.status}; it is too late for that`,
      )
    },
  } satisfies Partial<Handlers>
}
