import * as numbers from '../numbers.ts'
import { byId } from './route.ts'
import type { Route } from './route.ts'

export const numbersRoutes = {
  createNumber: {
    method: 'POST',
    path: '/numbers',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Add a phone number',
    body: numbers.NumberCreate,
    status: 201,
    response: numbers.PhoneNumber,
  },
  listNumbers: {
    method: 'GET',
    path: '/numbers',
    tag: 'Numbers',
    scope: 'read',
    summary: 'List phone numbers',
    query: numbers.NumberListQuery,
    status: 200,
    response: numbers.NumberList,
  },
  deleteNumber: {
    method: 'DELETE',
    path: '/numbers/{id}',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Remove a phone number',
    params: byId,
    status: 204,
  },
  assignAgent: {
    method: 'POST',
    path: '/numbers/{id}/assign_agent',
    tag: 'Numbers',
    scope: 'write',
    summary: 'Say which agent answers a number',
    params: byId,
    body: numbers.AssignAgent,
    status: 200,
    response: numbers.Message,
  },
} as const satisfies Record<string, Route>
