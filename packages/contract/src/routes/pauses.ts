import { Pause, PauseCreate, PausedConnection, PausedWorkflow, PauseList } from '../pauses.ts'
import type { Route } from './route.ts'
import { none } from './route.ts'

export const pausesRoutes = {
  listPauses: {
    method: 'GET',
    path: '/pauses',
    tag: 'Pauses',
    scope: 'read',
    summary: 'List the journeys and connections that are paused',
    query: none,
    status: 200,
    response: PauseList,
  },
  pauseWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/pause',
    tag: 'Pauses',
    scope: 'write',
    summary: 'Hold a journey: events are taken in, and its runs wait',
    params: PausedWorkflow,
    body: PauseCreate,
    status: 200,
    response: Pause,
  },
  resumeWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/resume',
    tag: 'Pauses',
    scope: 'write',
    summary: 'Let the runs of a paused journey go on, in their order',
    params: PausedWorkflow,
    status: 204,
  },
  pauseConnection: {
    method: 'POST',
    path: '/connections/{connector}/{connection}/pause',
    tag: 'Pauses',
    scope: 'write',
    summary: 'Ask a connection nothing: steps of journeys wait, before a call defaults are used',
    params: PausedConnection,
    body: PauseCreate,
    status: 200,
    response: Pause,
  },
  resumeConnection: {
    method: 'POST',
    path: '/connections/{connector}/{connection}/resume',
    tag: 'Pauses',
    scope: 'write',
    summary: 'Let steps that wait for a connection go on',
    params: PausedConnection,
    status: 204,
  },
} as const satisfies Record<string, Route>
