import type { Subscription, SubscriptionCreate, SubscriptionUpdate } from '@bookend/contract'
import type { Queryable } from '../database.ts'
import { first } from './agents.ts'
import { cutPage, parseCursor } from './page.ts'

interface SubscriptionRow {
  readonly id: string
  readonly url: string
  readonly event_types: string[]
  readonly description: string
  readonly payload: 'thin' | 'full'
  readonly is_enabled: boolean
  readonly disabled_reason: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** What seals and opens a subscription's signing secret. */
export const secretContext = (workspaceId: string, subscriptionId: string): string =>
  `subscriptions.secret:${workspaceId}:${subscriptionId}`

const COLUMNS =
  'id, url, event_types, description, payload, is_enabled, disabled_reason, created_at, updated_at'

const render = (row: SubscriptionRow): Subscription => ({
  id: row.id,
  url: row.url,
  event_types: row.event_types,
  description: row.description,
  payload: row.payload,
  enabled: row.is_enabled,
  disabled_reason: row.disabled_reason,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

export async function insertSubscription(
  client: Queryable,
  workspaceId: string,
  subscription: SubscriptionCreate & { readonly id: string; readonly secret: Buffer },
): Promise<Subscription> {
  const { id, url, event_types, description, payload, secret } = subscription
  const { rows } = await client.query<SubscriptionRow>(
    `insert into subscriptions (workspace_id, id, url, event_types, description, payload, secret)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [workspaceId, id, url, event_types, description, payload, secret],
  )
  return render(first(rows))
}

export async function findSubscription(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Subscription | null> {
  const { rows } = await client.query<SubscriptionRow>(
    `select ${COLUMNS} from subscriptions where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  )
  return rows[0] === undefined ? null : render(rows[0])
}

export async function findSecret(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<Buffer | null> {
  const { rows } = await client.query<{ secret: Buffer }>(
    'select secret from subscriptions where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rows[0]?.secret ?? null
}

export async function listSubscriptions(
  client: Queryable,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ page: Subscription[]; next: string | null }> {
  const after = parseCursor(cursor)
  const { rows } = await client.query<SubscriptionRow & { cursor_at: string }>(
    `select ${COLUMNS}, created_at::text as cursor_at from subscriptions
     where workspace_id = $1 and ($2::text is null or (created_at, id) < ($2::timestamptz, $3::uuid))
     order by created_at desc, id desc limit $4`,
    [workspaceId, after?.at ?? null, after?.id ?? null, limit + 1],
  )
  const { page, next } = cutPage(rows, limit)
  return { page: page.map(render), next }
}

/** Null when there is none. Enabling clears the reason it was disabled for. */
export async function updateSubscription(
  client: Queryable,
  workspaceId: string,
  id: string,
  patch: SubscriptionUpdate,
): Promise<Subscription | null> {
  const { rows } = await client.query<SubscriptionRow>(
    `update subscriptions set url = coalesce($3, url), event_types = coalesce($4, event_types),
       description = coalesce($5, description), payload = coalesce($6, payload),
       is_enabled = coalesce($7, is_enabled),
       disabled_reason = case when $7 is null then disabled_reason when $7 then null
         else 'switched off' end,
       updated_at = now()
     where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
    [
      workspaceId,
      id,
      patch.url ?? null,
      patch.event_types ?? null,
      patch.description ?? null,
      patch.payload ?? null,
      patch.enabled ?? null,
    ],
  )
  return rows[0] === undefined ? null : render(rows[0])
}

/** Whether there was one. */
export async function deleteSubscription(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from subscriptions where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  return rowCount === 1
}
