import * as workflows from '../workflows.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

export const workflowsRoutes = {
  listWorkflows: {
    method: 'GET',
    path: '/workflows',
    tag: 'Workflows',
    scope: 'read',
    summary: 'List the workflows this server runs',
    query: none,
    status: 200,
    response: workflows.WorkflowList,
  },
  getWorkflow: {
    method: 'GET',
    path: '/workflows/{name}',
    tag: 'Workflows',
    scope: 'read',
    summary: 'Get a workflow',
    params: workflows.WorkflowParams,
    status: 200,
    response: workflows.Workflow,
  },
  simulateWorkflow: {
    method: 'POST',
    path: '/workflows/{name}/simulate',
    tag: 'Workflows',
    scope: 'write',
    summary: 'Run a pre-call workflow on a made-up call; nothing is stored, nothing is written',
    params: workflows.WorkflowParams,
    body: workflows.SimulationCreate,
    status: 200,
    response: workflows.Simulation,
  },
  rotateWorkflowToken: {
    method: 'POST',
    path: '/workflows/{name}/token/rotate',
    tag: 'Workflows',
    scope: 'admin',
    summary: "Make a token of the workflow's own endpoint; the one before it is valid for a day",
    params: workflows.WorkflowParams,
    status: 200,
    response: workflows.WorkflowToken,
  },
} as const satisfies Record<string, Route>
