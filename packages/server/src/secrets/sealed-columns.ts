// Every column that holds sealed values, and what each value is bound to. A column that is missing
// here would be lost with the key it was sealed under: a test finds it by its type.

import { signingContext } from '../store/postgres/workspaces.ts'
import { tokenContext } from '../store/postgres/agents.ts'
import { authContext } from '../store/postgres/connections.ts'
import { platformContext } from '../store/postgres/platforms.ts'
import { secretContext } from '../store/postgres/subscriptions.ts'
import { workflowTokenContext } from '../store/postgres/workflow-tokens.ts'
import { answerContext } from '../http/idempotency.ts'

export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** Of the primary key, in its order. */
  readonly key: readonly string[]
  /** What is read beside the key, to name the context. */
  readonly more?: readonly string[]
  readonly context: (row: Readonly<Record<string, string>>) => string
}

const text = (row: Readonly<Record<string, string>>, name: string): string => row[name] ?? ''

const ofWorkspaceAndId = ['workspace_id', 'id']

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'workspaces',
    column: 'signing_secret',
    key: ['id'],
    context: (row) => signingContext(text(row, 'id')),
  },
  {
    table: 'agents',
    column: 'auth_token',
    key: ofWorkspaceAndId,
    context: (row) => tokenContext(text(row, 'workspace_id'), text(row, 'id')),
  },
  ...['secret', 'previous_secret'].map((column) => ({
    table: 'subscriptions',
    column,
    key: ofWorkspaceAndId,
    context: (row: Readonly<Record<string, string>>) =>
      secretContext(text(row, 'workspace_id'), text(row, 'id')),
  })),
  ...['token', 'previous'].map((column) => ({
    table: 'workflow_tokens',
    column,
    key: ['workspace_id', 'name'],
    context: (row: Readonly<Record<string, string>>) =>
      workflowTokenContext(text(row, 'workspace_id'), text(row, 'name')),
  })),
  {
    table: 'connections',
    column: 'auth',
    key: ofWorkspaceAndId,
    more: ['destination'],
    context: (row) =>
      authContext({
        workspace_id: text(row, 'workspace_id'),
        id: text(row, 'id'),
        destination: text(row, 'destination'),
      }),
  },
  {
    table: 'platforms',
    column: 'options',
    key: ofWorkspaceAndId,
    context: (row) => platformContext(text(row, 'workspace_id'), text(row, 'id')),
  },
  {
    table: 'idempotency_keys',
    column: 'answer',
    key: ['workspace_id', 'route', 'key'],
    context: (row) =>
      answerContext({
        workspaceId: text(row, 'workspace_id'),
        route: text(row, 'route'),
        key: text(row, 'key'),
      }),
  },
]
