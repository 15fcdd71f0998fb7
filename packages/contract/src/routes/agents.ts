import * as agents from '../agents.ts'
import { InboundAnswer } from '../calls.ts'
import { AgentTalk } from '../talk.ts'
import { byId } from './route.ts'
import type { Route } from './route.ts'

export const agentsRoutes = {
  createAgent: {
    method: 'POST',
    path: '/agents',
    tag: 'Agents',
    scope: 'write',
    summary: 'Create an agent',
    body: agents.AgentCreate,
    status: 201,
    response: agents.AgentWritten,
  },
  listAgents: {
    method: 'GET',
    path: '/agents',
    tag: 'Agents',
    scope: 'read',
    summary: 'List agents',
    query: agents.AgentListQuery,
    status: 200,
    response: agents.AgentList,
  },
  getAgent: {
    method: 'GET',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'read',
    summary: 'Get an agent',
    params: byId,
    status: 200,
    response: agents.Agent,
  },
  updateAgent: {
    method: 'PATCH',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'write',
    summary: 'Update an agent; If-Match takes the version it was edited from',
    params: byId,
    body: agents.AgentUpdate,
    status: 200,
    response: agents.AgentWritten,
  },
  deleteAgent: {
    method: 'DELETE',
    path: '/agents/{id}',
    tag: 'Agents',
    scope: 'write',
    summary: 'Delete an agent that no number uses',
    params: byId,
    status: 204,
  },
  talkToAgent: {
    method: 'POST',
    path: '/agents/{id}/talk',
    tag: 'Agents',
    scope: 'calls',
    summary: 'Call an agent of this server in writing; what is said follows by /calls/{id}/say',
    params: byId,
    body: AgentTalk,
    status: 201,
    response: InboundAnswer,
  },
} as const satisfies Record<string, Route>
