// `POST /calls`: whether the number may be called, then the platform is asked, once for a key.

import { checkDialTarget, normaliseNumber } from '@bookend/core'
import type { Context } from '../../context.ts'
import { findDialling, type Placing } from '../../outbound/place-call.ts'
import { takeTokens } from '../../scheduled-calls/take-tokens.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, ProblemError } from '../problem.ts'

const NO_PLATFORM = 'No platform that can dial is connected to this workspace'

export function placeCallRoutes({ agent: service, database, snapshot, platforms }: Context) {
  function readFrom(workspaceId: string, given: string | undefined): string | null {
    if (given === undefined) return null
    const from = normaliseNumber(given)
    if (from !== null && snapshot.agentIdOfNumber(workspaceId, from) !== undefined) return from
    throw new ProblemError('unknown_number', 'from_number is not a number of this workspace', [
      { path: 'from_number', message: 'is not a number of this workspace' },
    ])
  }

  async function judge(workspaceId: string, to: string): Promise<void> {
    const verdict = checkDialTarget(to, service.dialRule)
    if (!verdict.ok) {
      throw new ProblemError('dial_refused', `The number may not be called: ${verdict.reason}`)
    }
    const refusal = await takeTokens(database, workspaceId, { to, workflow: null })
    if (refusal === null) return
    throw refusal.kind === 'number'
      ? new ProblemError('dial_refused', 'The number was called too often: called_too_often')
      : new ProblemError('too_many_requests', 'Too many calls are placed at the moment')
  }

  return {
    async createCall({ body, access: { workspaceId }, asked: { receivedAtMs } }) {
      const { agent_id, to_number, from_number, params, external_identifiers } = body
      const agent = snapshot.findAgent(workspaceId, agent_id.toLowerCase())
      if (agent === undefined) throw invalid('agent_id', 'is not an agent of this workspace')
      const to = normaliseNumber(to_number)
      if (to === null) throw invalid('to_number', 'is not a phone number with its country code')
      if (findDialling(platforms.live, workspaceId) === undefined) {
        throw new ProblemError('no_dialling_platform', NO_PLATFORM)
      }
      const from = readFrom(workspaceId, from_number)
      await judge(workspaceId, to)
      const placing = await service.place({
        workspaceId,
        agent,
        to,
        from,
        params,
        externalIdentifiers: external_identifiers,
        receivedAtMs,
      })
      return answerOf(placing)
    },
  } satisfies Partial<Handlers>
}

/** @throws {ProblemError} It is not placed, or nobody knows. */
function answerOf(placing: Placing) {
  switch (placing.kind) {
    case 'placed':
    case 'rejected':
      return placing.answer
    case 'no_platform':
      throw new ProblemError('no_dialling_platform', NO_PLATFORM)
    case 'no_number':
      throw invalid(
        'from_number',
        'is needed: the agent has no number, and the platform names none',
      )
    case 'refused':
      throw placing.again
        ? new ProblemError('dial_failed', `The call was not placed: ${placing.reason}`)
        : new ProblemError('dial_refused', `The call was refused: ${placing.reason}`)
    case 'unknown':
      throw new ProblemError('dial_failed', `It may have been placed: ${placing.reason}`)
  }
}
