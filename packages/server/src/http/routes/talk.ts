import type { Context } from '../../context.ts'
import type { Handlers } from '../handlers.ts'

export const talkRoutes = ({ agent }: Context) =>
  ({
    async talkToAgent({ params, body, access: { workspaceId }, asked: { receivedAtMs } }) {
      return await agent.begin({ workspaceId, agentId: params.id, body, receivedAtMs })
    },
  }) satisfies Partial<Handlers>
