import type { AuditEntry, AuditListQuery } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { cutPage, parseCursor } from './page.ts'

export interface NewAuditEntry {
  readonly workspaceId: string
  readonly id: string
  readonly actor: AuditEntry['actor']
  readonly action: string
  readonly target: string | null
  /** Names alone, never a value. */
  readonly fields: readonly string[]
  readonly ip: string | null
  readonly requestId: string | null
  readonly at: Date
}

const INSERT = `insert into audit (workspace_id, id, created_at, actor_kind, key_id, actor_label,
    action, target, fields, ip, request_id)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11`

export async function recordAudit(client: Queryable, entry: NewAuditEntry): Promise<void> {
  await client.query(INSERT, valuesOf(entry))
}

/** Whether the entry is stored: not, if the transaction has neither written nor locked anything. */
export async function recordAuditOfWrite(
  client: Queryable,
  entry: NewAuditEntry,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `${INSERT} where pg_current_xact_id_if_assigned() is not null`,
    valuesOf(entry),
  )
  return rowCount === 1
}

const valuesOf = (entry: NewAuditEntry): unknown[] => [
  entry.workspaceId,
  entry.id,
  entry.at,
  entry.actor.kind,
  entry.actor.key_id,
  entry.actor.label,
  entry.action,
  entry.target,
  entry.fields,
  entry.ip,
  entry.requestId,
]

type EntryId = Pick<NewAuditEntry, 'workspaceId' | 'id'>

/** Of what was made, once it is known. */
export async function nameAuditTarget(
  client: Queryable,
  { workspaceId, id }: EntryId,
  target: string | null,
): Promise<void> {
  await client.query('update audit set target = $3 where workspace_id = $1 and id = $2', [
    workspaceId,
    id,
    target,
  ])
}

/** The request was refused in the end. */
export async function forgetAudit(client: Queryable, { workspaceId, id }: EntryId): Promise<void> {
  await client.query('delete from audit where workspace_id = $1 and id = $2', [workspaceId, id])
}

interface AuditRow {
  readonly id: string
  readonly created_at: Date
  readonly actor_kind: AuditEntry['actor']['kind']
  readonly key_id: string | null
  readonly actor_label: string
  readonly action: string
  readonly target: string | null
  readonly fields: string[]
  readonly ip: string | null
  readonly request_id: string | null
}

export async function listAudit(
  client: Queryable,
  workspaceId: string,
  query: AuditListQuery,
): Promise<{ page: AuditEntry[]; next: string | null }> {
  const after = parseCursor(query.cursor)
  const { rows } = await client.query<AuditRow & { cursor_at: string }>(
    `select *, created_at::text as cursor_at from audit
     where workspace_id = $1
       and ($2::text is null or (created_at, id) < ($2::timestamptz, $3::uuid))
       and ($4::text is null or action = $4) and ($5::text is null or target = $5)
       and ($6::text is null or key_id = $6)
       and ($7::timestamptz is null or created_at >= $7)
       and ($8::timestamptz is null or created_at < $8)
     order by created_at desc, id desc limit $9`,
    [
      workspaceId,
      after?.at ?? null,
      after?.id ?? null,
      query.action ?? null,
      query.target ?? null,
      query.key_id ?? null,
      query.since ?? null,
      query.until ?? null,
      query.limit + 1,
    ],
  )
  const { page, next } = cutPage(rows, query.limit)
  return { page: page.map(render), next }
}

const render = (row: AuditRow): AuditEntry => ({
  id: row.id,
  created_at: row.created_at.toISOString(),
  actor: { kind: row.actor_kind, key_id: row.key_id, label: row.actor_label },
  action: row.action,
  target: row.target,
  fields: row.fields,
  ip: row.ip,
  request_id: row.request_id,
})
