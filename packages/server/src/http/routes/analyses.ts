// The analyzers of a finished call: how far they are, and asking them again.
//
// A1. Asking again is a wish of whoever reads the call: its results change, and no event tells of it,
//     so that no journey acts twice on one call.

import type { Call, CallAnalyze } from '@bookend/contract'
import type { Context } from '../../context.ts'
import {
  askAgain,
  dropOthers,
  listAnalyses,
  writeResults,
  type AskedOfCall,
} from '../../store/postgres/analyses.ts'
import { findCall, lockCall } from '../../store/postgres/calls.ts'
import { findYoung } from '../find-young.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound, ProblemError } from '../problem.ts'

export function analysisRoutes(context: Context) {
  const { database, reads, snapshot, changes } = context

  async function getCall(workspaceId: string, id: string): Promise<Call> {
    const call = await findYoung(context, id, () => findCall(reads, workspaceId, id))
    if (call === null) throw notFound('call')
    return call
  }

  /** An agent that is no more leaves the call with those it had. */
  function analyzersOf(
    workspaceId: string,
    { agent_id: agentId, analyzers: ofCall }: Call,
    { from }: CallAnalyze,
  ): Analyzers {
    const agent = agentId === null ? undefined : snapshot.findAgent(workspaceId, agentId)
    return from === 'call' || agent === undefined ? ofCall : agent.settings.analyzers
  }

  return {
    async listAnalyses({ params: { id }, access: { workspaceId } }) {
      const { uuid } = await getCall(workspaceId, id)
      return { call_id: uuid, analyses: await listAnalyses(reads, workspaceId, uuid) }
    },

    async analyzeCall({ params: { id }, body, access: { workspaceId } }) {
      const call = await getCall(workspaceId, id)
      const { uuid: callId } = call
      if (call.ended_at === null) {
        throw new ProblemError('state_conflict', 'The call goes on; it is analyzed when it is over')
      }
      const analyzers = analyzersOf(workspaceId, call, body)
      check(analyzers, body)
      const asked = { workspaceId, callId, analyzers, titles: body.titles }
      const analyses = await database.transaction(async (client) => {
        await lockCall(client, workspaceId, callId)
        if (body.from === 'agent') await dropOthers(client, asked)
        await askAgain(client, asked)
        await writeResults(client, workspaceId, callId)
        return await listAnalyses(client, workspaceId, callId)
      })
      changes.publish({ topic: 'analyses', workspaceId, id: callId, callId })
      changes.publish({ topic: 'calls', workspaceId, id: callId, callId })
      return { call_id: callId, analyses }
    },
  } satisfies Partial<Handlers>
}

type Analyzers = AskedOfCall['analyzers']

function check(analyzers: Analyzers, { titles = [] }: CallAnalyze): void {
  if (analyzers.length === 0) {
    throw new ProblemError('state_conflict', 'The agent of this call has no analyzers')
  }
  const unknown = titles.findIndex((wanted) => !analyzers.some(({ title }) => title === wanted))
  if (unknown === -1) return
  const known = analyzers.map(({ title }) => title).join(', ')
  throw invalid(`titles.${unknown}`, `is no analyzer of the call; it has ${known}`)
}
