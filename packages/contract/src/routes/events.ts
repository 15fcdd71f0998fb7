import * as events from '../events.ts'
import type { Route } from './route.ts'

export const eventsRoutes = {
  createEvent: {
    method: 'POST',
    path: '/events',
    tag: 'Events',
    scope: 'calls',
    summary: 'Store an event of your own; idempotent by event_id',
    body: events.EventCreate,
    status: 202,
    response: events.EventAccepted,
  },
  listEvents: {
    method: 'GET',
    path: '/events',
    tag: 'Events',
    scope: 'read',
    summary: 'List events, newest first, without what they say',
    query: events.EventListQuery,
    status: 200,
    response: events.EventList,
  },
  getEvent: {
    method: 'GET',
    path: '/events/{event_id}',
    tag: 'Events',
    scope: 'read',
    summary: 'Get an event and what it says',
    params: events.EventParams,
    status: 200,
    response: events.EventRecord,
  },
} as const satisfies Record<string, Route>
