import * as connections from '../connections.ts'
import { none } from './route.ts'
import type { Route } from './route.ts'

const path = '/connections/{connector}/{connection}'
const params = connections.ConnectionParams

export const connectionsRoutes = {
  listConnectors: {
    method: 'GET',
    path: '/connectors',
    tag: 'Connections',
    scope: 'read',
    summary: 'What can be connected, with its settings and actions',
    query: none,
    status: 200,
    response: connections.ConnectorList,
  },
  getConnector: {
    method: 'GET',
    path: '/connectors/{connector}',
    tag: 'Connections',
    scope: 'read',
    summary: 'Get a connector',
    params: connections.ConnectorParams,
    status: 200,
    response: connections.Connector,
  },
  createConnection: {
    method: 'POST',
    path: '/connections',
    tag: 'Connections',
    scope: 'admin',
    summary: 'Connect an account of another system; its credential is kept encrypted',
    body: connections.ConnectionCreate,
    status: 201,
    response: connections.Connection,
  },
  listConnections: {
    method: 'GET',
    path: '/connections',
    tag: 'Connections',
    scope: 'read',
    summary: 'List connections with their health and who uses them',
    query: none,
    status: 200,
    response: connections.ConnectionList,
  },
  getConnection: {
    method: 'GET',
    path,
    tag: 'Connections',
    scope: 'read',
    summary: 'Get a connection; its secrets are masked',
    params,
    status: 200,
    response: connections.Connection,
  },
  updateConnection: {
    method: 'PATCH',
    path,
    tag: 'Connections',
    scope: 'admin',
    summary: 'Change a connection; another address needs the credential again',
    params,
    body: connections.ConnectionUpdate,
    status: 200,
    response: connections.Connection,
  },
  deleteConnection: {
    method: 'DELETE',
    path,
    tag: 'Connections',
    scope: 'admin',
    summary: 'Delete a connection that no workflow uses',
    params,
    status: 204,
  },
  checkConnection: {
    method: 'POST',
    path: `${path}/check`,
    tag: 'Connections',
    scope: 'write',
    summary: 'Ask the system whether the credential is good, with one cheap read',
    params,
    status: 200,
    response: connections.ConnectionChecked,
  },
} as const satisfies Record<string, Route>
