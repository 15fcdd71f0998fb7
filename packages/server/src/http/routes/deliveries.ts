// Deliveries read, and made again. Each that is to be sent is stored as due; the workers send it.

import type { SubscriptionReplay } from '@bookend/contract'
import { createId } from '@bookend/core'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import * as deliveries from '../../store/postgres/deliveries.ts'
import { createEventId, insertEvent } from '../../store/postgres/events.ts'
import { replayEvents, resendDead, resendDelivery } from '../../store/postgres/resend.ts'
import { findSubscription, resumeSubscription } from '../../store/postgres/subscriptions.ts'
import type { Handlers } from '../handlers.ts'
import { notFound, ProblemError } from '../problem.ts'

const disabled = (): ProblemError =>
  new ProblemError('state_conflict', 'The webhook is disabled; enable it first')

export function deliveryRoutes({ database, reads, changes, clock }: Context) {
  /** Runs `work` on an enabled subscription, and lets the workers try it at once. */
  async function withEnabled<T>(
    workspaceId: string,
    id: string,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const result = await database.transaction(async (client) => {
      const subscription = await findSubscription(client, workspaceId, id)
      if (subscription === null) throw notFound('webhook')
      if (!subscription.enabled) throw disabled()
      await resumeSubscription(client, workspaceId, id)
      return await work(client)
    })
    changes.publish({ topic: 'deliveries', workspaceId, id, callId: null })
    return result
  }

  /** Wakes nobody, so a disabled one is counted as well. */
  async function countReplay(workspaceId: string, id: string, body: SubscriptionReplay) {
    if ((await findSubscription(reads, workspaceId, id)) === null) throw notFound('webhook')
    return await replayEvents(reads, workspaceId, id, body)
  }

  return {
    async listDeliveries({ params, query, access: { workspaceId } }) {
      const id = params.endpoint_id
      if ((await findSubscription(reads, workspaceId, id)) === null) throw notFound('webhook')
      return await deliveries.listDeliveries(reads, workspaceId, { subscriptionId: id, ...query })
    },

    async searchDeliveries({ query, access: { workspaceId } }) {
      const { endpoint_id: subscriptionId, event_type: eventType, ...listing } = query
      const asked = { ...listing, subscriptionId, eventType }
      return await deliveries.listDeliveries(reads, workspaceId, asked)
    },

    async getDelivery({ params, access: { workspaceId } }) {
      const delivery = await deliveries.findDelivery(reads, workspaceId, params.id)
      if (delivery === null) throw notFound('delivery')
      return delivery
    },

    async resendDelivery({ params: { id }, access: { workspaceId } }) {
      const delivery = await database.transaction(async (client) => {
        const resent = await resendDelivery(client, workspaceId, id)
        if (resent === null) throw notFound('delivery')
        if (!resent.isEnabled) throw disabled()
        await resumeSubscription(client, workspaceId, resent.subscriptionId)
        return await deliveries.findDelivery(client, workspaceId, id)
      })
      if (delivery === null) throw notFound('delivery')
      changes.publish({ topic: 'deliveries', workspaceId, id, callId: delivery.call_id })
      return delivery
    },

    async resendDead({ params: { endpoint_id: id }, body, access: { workspaceId } }) {
      return await withEnabled(workspaceId, id, (client) =>
        resendDead(client, workspaceId, id, body),
      )
    },

    async testWebhook({ params: { endpoint_id: id }, access: { workspaceId } }) {
      return await withEnabled(workspaceId, id, async (client) => {
        const eventId = createEventId(clock.now())
        const { event } = await insertEvent(
          client,
          {
            workspaceId,
            id: eventId,
            type: 'webhook.test',
            dedupeKey: `webhook.test:${createId(clock.now())}`,
            callId: null,
            payload: { webhook_id: id, message: 'A test, sent because somebody asked for it' },
          },
          clock.now(),
        )
        const deliveryId = await deliveries.enqueueDelivery(client, event, id)
        return { event_id: event.id, delivery_id: deliveryId }
      })
    },

    async replayWebhook({ params: { endpoint_id: id }, body, access: { workspaceId } }) {
      const { count, nextSince } = body.dry_run
        ? await countReplay(workspaceId, id, body)
        : await withEnabled(workspaceId, id, (client) =>
            replayEvents(client, workspaceId, id, body),
          )
      return { count, next_since: nextSince?.toISOString() ?? null }
    },
  } satisfies Partial<Handlers>
}
