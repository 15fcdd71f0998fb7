import type { Context } from '../../context.ts'
import { answerCall } from '../../precall/answer-call.ts'
import * as calls from '../../store/postgres/calls.ts'
import { deliveriesOfCall } from '../../store/postgres/deliveries.ts'
import { eventsOfCall } from '../../store/postgres/events.ts'
import { runsOfCall } from '../../store/postgres/runs.ts'
import { findYoung } from '../find-young.ts'
import type { Handlers } from '../handlers.ts'
import { notFound } from '../problem.ts'

export function callRoutes(context: Context) {
  const { database, reads, clock, answerParts, changes } = context

  async function getCall(workspaceId: string, id: string) {
    const call = await findYoung(context, id, () => calls.findCall(reads, workspaceId, id))
    if (call === null) throw notFound('call')
    return call
  }

  return {
    async inboundCall({ body, access: { workspaceId }, asked: { receivedAtMs } }) {
      return await answerCall(answerParts, { workspaceId, body, receivedAtMs })
    },

    async listCalls({ query, access: { workspaceId } }) {
      const { page, page_size: size = query.limit } = query
      if (page === undefined) {
        const list = await calls.listCalls(reads, workspaceId, query)
        return { calls: list.page, next_cursor: list.next }
      }
      const list = await calls.listCallsPage(reads, workspaceId, query, { page, size })
      return {
        calls: list.page,
        next_cursor: null,
        total_count: list.total,
        page,
        page_size: size,
        total_pages: Math.ceil(list.total / size),
      }
    },

    async findCallByAttribute({ query, access: { workspaceId } }) {
      const call = await calls.findByAttribute(reads, workspaceId, query)
      if (call === null) throw notFound('call')
      return call
    },

    async getCall({ params, access: { workspaceId } }) {
      return await getCall(workspaceId, params.id)
    },

    async getCallTrace({ params, access: { workspaceId } }) {
      const { id } = params
      await getCall(workspaceId, id)
      const [runs, events, deliveries] = await Promise.all([
        runsOfCall(reads, workspaceId, id),
        eventsOfCall(reads, workspaceId, id),
        deliveriesOfCall(reads, workspaceId, id),
      ])
      return {
        call_id: id,
        pre_call: runs.find(({ kind }) => kind === 'pre-call') ?? null,
        events: events.map((event) => ({
          event_id: event.id,
          event_type: event.type,
          created_at: event.createdAt.toISOString(),
        })),
        journeys: runs.filter(({ kind }) => kind === 'journey'),
        deliveries,
      }
    },

    async tagCall({ params, body, access: { workspaceId } }) {
      const { id } = params
      await getCall(workspaceId, id)
      const call = await database.transaction(async (client) => {
        await calls.lockCall(client, workspaceId, id)
        await calls.replaceTags(client, workspaceId, id, body.tags, clock.now())
        return await calls.findCall(client, workspaceId, id)
      })
      if (call === null) throw notFound('call')
      changes.publish({ topic: 'calls', workspaceId, id, callId: id })
      return call
    },
  } satisfies Partial<Handlers>
}
