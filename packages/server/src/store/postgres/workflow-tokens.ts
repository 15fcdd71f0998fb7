// The bearer tokens of workflows that others ask.
//
// T1. A token names its workspace and its workflow by itself; it is found by its hash, in memory.
// T2. The one before it is accepted for a day; making two in a row ends the first at once.

import { createHash, randomBytes } from 'node:crypto'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'

export interface WorkflowTokenRow {
  readonly workspace_id: string
  readonly name: string
  readonly token: Buffer
  readonly previous: Buffer | null
  readonly previous_until: Date | null
}

export interface TokenInMemory {
  readonly hash: string
  readonly workspaceId: string
  readonly workflow: string
  /** Null: until another one is made. */
  readonly validUntil: Date | null
}

export const createWorkflowToken = (): string => `wt_${randomBytes(32).toString('base64url')}`

export const hashWorkflowToken = (token: string): string =>
  createHash('sha256').update(token).digest('base64url')

/** What seals and opens the tokens of a workflow. */
export const workflowTokenContext = (workspaceId: string, name: string): string =>
  `workflow_tokens.token:${workspaceId}:${name}`

/** @param open Null for one that does not open; it is then not accepted. */
export function openTokens(
  row: WorkflowTokenRow,
  open: (sealed: Uint8Array, context: string) => string | null,
): TokenInMemory[] {
  const { workspace_id: workspaceId, name: workflow, previous_until: previousUntil } = row
  const context = workflowTokenContext(workspaceId, workflow)
  const read = (sealed: Buffer | null, validUntil: Date | null): TokenInMemory[] => {
    const token = sealed === null ? null : open(sealed, context)
    return token === null
      ? []
      : [{ hash: hashWorkflowToken(token), workspaceId, workflow, validUntil }]
  }
  return [
    ...read(row.token, null),
    ...(previousUntil === null ? [] : read(row.previous, previousUntil)),
  ]
}

/** Until when the token before this one is accepted; null when there was none. */
export async function storeToken(
  client: Queryable,
  workspaceId: string,
  name: string,
  sealed: Uint8Array,
): Promise<Date | null> {
  const { rows } = await client.query<Pick<WorkflowTokenRow, 'previous_until'>>(
    `insert into workflow_tokens as t (workspace_id, name, token) values ($1, $2, $3)
     on conflict (workspace_id, name) do update set token = excluded.token, previous = t.token,
       previous_until = now() + interval '24 hours', created_at = now()
     returning previous_until`,
    [workspaceId, name, Buffer.from(sealed)],
  )
  return first(rows).previous_until
}
