import type { Context } from '../../context.ts'
import type { Handlers } from '../handlers.ts'
import { ProblemError } from '../problem.ts'

export const talkRoutes = ({ agent }: Context) =>
  ({
    async talkToAgent({ params, body, access, asked: { receivedAtMs } }) {
      // The agent says what it was told of the caller.
      if (access.isMasked) throw new ProblemError('forbidden', 'What is said is masked for you')
      const { workspaceId } = access
      return await agent.begin({ workspaceId, agentId: params.id, body, receivedAtMs })
    },
  }) satisfies Partial<Handlers>
