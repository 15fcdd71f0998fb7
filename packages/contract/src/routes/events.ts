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
} as const satisfies Record<string, Route>
