import * as access from '../access.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const keysRoutes = {
  createKey: {
    method: 'POST',
    path: '/keys',
    tag: 'Keys',
    scope: 'admin',
    summary: 'Make an API key; its value is shown once',
    body: access.KeyCreate,
    status: 201,
    response: access.KeyCreated,
  },
  listKeys: {
    method: 'GET',
    path: '/keys',
    tag: 'Keys',
    scope: 'admin',
    summary: 'List API keys',
    query: none,
    status: 200,
    response: access.KeyList,
  },
  deleteKey: {
    method: 'DELETE',
    path: '/keys/{id}',
    tag: 'Keys',
    scope: 'admin',
    summary: 'Revoke an API key',
    params: access.KeyParams,
    status: 204,
  },
  getSigningSecret: {
    method: 'GET',
    path: '/signing_secret',
    tag: 'Keys',
    scope: 'admin',
    summary: 'The secret that signs pre-call requests to endpoints of this workspace',
    query: none,
    status: 200,
    response: access.SigningSecret,
  },
} as const satisfies Record<string, Route>
