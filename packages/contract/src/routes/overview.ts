import { Overview } from '../overview.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const overviewRoutes = {
  getOverview: {
    method: 'GET',
    path: '/overview',
    tag: 'Overview',
    scope: 'read',
    summary: 'The last day: how calls were answered, and what went wrong after them',
    query: none,
    status: 200,
    response: Overview,
  },
} as const satisfies Record<string, Route>
