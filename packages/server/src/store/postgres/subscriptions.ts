import type { Subscription, SubscriptionCreate, SubscriptionUpdate } from '@bookend/contract'
import { endpointWarning } from '@bookend/core'
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
  readonly disabled_at: Date | null
  readonly rate_per_second: number | null
  readonly failures_in_row: number
  readonly failing_since: Date | null
  readonly warned_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** What seals and opens a subscription's signing secret. */
export const secretContext = (workspaceId: string, subscriptionId: string): string =>
  `subscriptions.secret:${workspaceId}:${subscriptionId}`

const COLUMNS = `id, url, event_types, description, payload, is_enabled, disabled_reason,
  disabled_at, rate_per_second, failures_in_row, failing_since, warned_at, created_at, updated_at`

const render = (row: SubscriptionRow): Subscription => ({
  id: row.id,
  url: row.url,
  event_types: row.event_types,
  description: row.description,
  payload: row.payload,
  enabled: row.is_enabled,
  disabled_reason: row.disabled_reason,
  disabled_at: row.disabled_at?.toISOString() ?? null,
  rate_per_second: row.rate_per_second,
  failures_in_row: row.failures_in_row,
  failing_since: row.failing_since?.toISOString() ?? null,
  warning:
    row.is_enabled && row.warned_at !== null && row.failing_since !== null
      ? endpointWarning(row.failing_since)
      : null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

export async function insertSubscription(
  client: Queryable,
  workspaceId: string,
  subscription: SubscriptionCreate & { readonly id: string; readonly secret: Buffer },
): Promise<Subscription> {
  const { id, url, event_types, description, payload, rate_per_second, secret } = subscription
  const { rows } = await client.query<SubscriptionRow>(
    `insert into subscriptions
       (workspace_id, id, url, event_types, description, payload, rate_per_second, secret)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
    [workspaceId, id, url, event_types, description, payload, rate_per_second, secret],
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

/** How long a secret that was replaced signs beside the new one. */
const PREVIOUS_SECRET_HOURS = 24

/** Until when the secret before signs as well; null when there is no such subscription. */
export async function replaceSecret(
  client: Queryable,
  workspaceId: string,
  id: string,
  secret: Buffer,
): Promise<Date | null> {
  const { rows } = await client.query<{ until: Date }>(
    `update subscriptions set secret = $3, previous_secret = secret,
       previous_secret_until = now() + $4 * interval '1 hour', updated_at = now()
     where workspace_id = $1 and id = $2 returning previous_secret_until as until`,
    [workspaceId, id, secret, PREVIOUS_SECRET_HOURS],
  )
  return rows[0]?.until ?? null
}

/** Tries what waits for it now, whatever was failing. */
export async function resumeSubscription(
  client: Queryable,
  workspaceId: string,
  id: string,
): Promise<void> {
  await client.query(
    `update subscriptions set paused_until = null
     where workspace_id = $1 and id = $2 and paused_until is not null`,
    [workspaceId, id],
  )
}

/**
 * Null when there is none. Enabling clears the reason it was disabled for; that, and another URL,
 * begin the count of failures anew.
 */
export async function updateSubscription(
  client: Queryable,
  workspaceId: string,
  id: string,
  patch: SubscriptionUpdate,
): Promise<Subscription | null> {
  const { rows } = await client.query<SubscriptionRow>(
    `update subscriptions set url = coalesce($3::text, url), event_types = coalesce($4, event_types),
       description = coalesce($5, description), payload = coalesce($6, payload),
       is_enabled = coalesce($7::boolean, is_enabled),
       disabled_reason = case when $7::boolean is null then disabled_reason when $7 then null
         else 'switched off' end,
       disabled_at = case when $7::boolean is null then disabled_at when $7 then null
         else coalesce(disabled_at, now()) end,
       rate_per_second = case when $8::boolean then $9::double precision else rate_per_second end,
       failures_in_row = case when ${ANEW} then 0 else failures_in_row end,
       failing_since = case when ${ANEW} then null else failing_since end,
       warned_at = case when ${ANEW} then null else warned_at end,
       paused_until = case when ${ANEW} then null else paused_until end,
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
      patch.rate_per_second !== undefined,
      patch.rate_per_second ?? null,
    ],
  )
  return rows[0] === undefined ? null : render(rows[0])
}

const ANEW = '(coalesce($7, false) or coalesce($3 <> url, false))'

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
