// The end of a subscription that nobody asked for: its endpoint is gone, or fails for days.
//
// D1. One transaction: disabled, what waits cancelled, and a `webhook.disabled` event for whoever
//     watches. Who disables what is disabled already changes nothing and tells nobody.

import { createId } from '@bookend/core'
import type pg from 'pg'
import type { Engine } from '../../engine/engine.ts'
import { acceptEvent, type Accepted } from '../../events/accept-event.ts'

export const goneReason = 'The endpoint answered 410 Gone; enable it again once it takes events'

export async function disableSubscription(
  client: pg.PoolClient,
  engine: Pick<Engine, 'enqueue'>,
  subscription: { readonly workspaceId: string; readonly id: string; readonly reason: string },
  now: Date,
): Promise<Accepted | null> {
  const { workspaceId, id, reason } = subscription
  const { rows } = await client.query<{ description: string }>(DISABLE, [workspaceId, id, reason])
  const [row] = rows
  if (row === undefined) return null
  await client.query(CANCEL_REST, [workspaceId, id])
  const event = {
    workspaceId,
    type: 'webhook.disabled',
    dedupeKey: `webhook.disabled:${createId(now)}`,
    callId: null,
    payload: { webhook_id: id, description: row.description, reason },
  }
  return await acceptEvent(client, engine, event, null, now)
}

const DISABLE = `
update subscriptions set is_enabled = false, disabled_reason = $3, disabled_at = now(),
  updated_at = now()
where workspace_id = $1 and id = $2 and is_enabled
returning description`

// What is under way reports for itself; if it fails, its next claim finds the subscription disabled.
// So does the claim of what another worker claims this moment, for which nobody needs to wait here.
const CANCEL_REST = `
update deliveries d set status = 'cancelled', next_attempt_at = null,
  last_error = 'subscription_disabled'
from (
  select workspace_id, id from deliveries
  where workspace_id = $1 and subscription_id = $2 and status = 'pending' and lease_token is null
  for update skip locked
) waiting
where d.workspace_id = waiting.workspace_id and d.id = waiting.id`
