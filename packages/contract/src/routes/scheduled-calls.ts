import { ScheduledCall, ScheduledCallList, ScheduledCallListQuery } from '../scheduled-calls.ts'
import { byId } from './route.ts'
import type { Route } from './route.ts'

export const scheduledCallsRoutes = {
  listScheduledCalls: {
    method: 'GET',
    path: '/scheduled_calls',
    tag: 'Scheduled calls',
    scope: 'read',
    summary: 'List calls that are to be placed, or were; the latest due first',
    query: ScheduledCallListQuery,
    status: 200,
    response: ScheduledCallList,
  },
  getScheduledCall: {
    method: 'GET',
    path: '/scheduled_calls/{id}',
    tag: 'Scheduled calls',
    scope: 'read',
    summary: 'Get a scheduled call',
    params: byId,
    status: 200,
    response: ScheduledCall,
  },
  cancelScheduledCall: {
    method: 'POST',
    path: '/scheduled_calls/{id}/cancel',
    tag: 'Scheduled calls',
    scope: 'write',
    summary: 'Do not place a scheduled call',
    params: byId,
    status: 200,
    response: ScheduledCall,
  },
} as const satisfies Record<string, Route>
