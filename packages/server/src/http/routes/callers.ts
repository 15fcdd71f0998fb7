import type { Context } from '../../context.ts'
import type { Handlers } from '../handlers.ts'
import { invalid } from '../problem.ts'

export function callerRoutes({ snapshot, prefetches }: Context) {
  return {
    async prefetchCaller({ body, access: { workspaceId } }) {
      const agent = snapshot.findAgent(workspaceId, body.agent_id)
      if (agent === undefined) throw invalid('agent_id', 'is not an agent of this workspace')
      const { from_number: fromNumber, to_number: toNumber = null } = body
      return { status: prefetches.start({ agent, fromNumber, toNumber }) }
    },
  } satisfies Partial<Handlers>
}
