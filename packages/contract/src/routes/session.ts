import * as access from '../access.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const sessionRoutes = {
  createSession: {
    method: 'POST',
    path: '/session',
    tag: 'Session',
    scope: null,
    summary: 'Sign in to the dashboard with an API key',
    body: access.SessionCreate,
    status: 201,
    response: access.Session,
  },
  getSession: {
    method: 'GET',
    path: '/session',
    tag: 'Session',
    scope: 'read',
    summary: 'Who is signed in',
    query: none,
    status: 200,
    response: access.Session,
  },
  deleteSession: {
    method: 'DELETE',
    path: '/session',
    tag: 'Session',
    scope: null,
    summary: 'Sign out',
    status: 204,
  },
} as const satisfies Record<string, Route>
