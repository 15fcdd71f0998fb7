// Events read; they are stored by whatever happened (call-events.ts among others).

import type { Context } from '../../context.ts'
import { findEvent, listEvents } from '../../store/postgres/event-list.ts'
import type { Handlers } from '../handlers.ts'
import { notFound } from '../problem.ts'

export const eventRoutes = ({ reads }: Context) =>
  ({
    async listEvents({ query, access: { workspaceId } }) {
      const { event_type: type, call_id: callId, ...listing } = query
      return await listEvents(reads, workspaceId, { ...listing, type, callId })
    },

    async getEvent({ params, access: { workspaceId } }) {
      const event = await findEvent(reads, workspaceId, params.event_id)
      if (event === null) throw notFound('event')
      return event
    },
  }) satisfies Partial<Handlers>
