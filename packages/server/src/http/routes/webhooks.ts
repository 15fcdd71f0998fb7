import { createId, createSigningSecret } from '@bookend/core'
import type { Context } from '../../context.ts'
import { healthOf, latencyOf } from '../../store/postgres/endpoint-health.ts'
import * as subscriptions from '../../store/postgres/subscriptions.ts'
import type { Handlers } from '../handlers.ts'
import { invalid, notFound } from '../problem.ts'

export function webhookRoutes({ database, reads, secrets, outgoing, clock }: Context) {
  function checkUrl(url: string): void {
    const verdict = outgoing.judgeUrl(url)
    if (verdict.ok) return
    throw invalid(
      'url',
      verdict.code === 'blocked'
        ? 'points to an address that may not be reached from here'
        : 'must be an https URL without user name or password',
    )
  }

  return {
    async createWebhook({ body, access: { workspaceId } }) {
      checkUrl(body.url)
      const id = createId(clock.now())
      const context = subscriptions.secretContext(workspaceId, id)
      const secret = secrets.encrypt(createSigningSecret(), context)
      return await database.transaction((client) =>
        subscriptions.insertSubscription(client, workspaceId, { ...body, id, secret }),
      )
    },

    async listWebhooks({ query, access: { workspaceId } }) {
      const { page, next } = await subscriptions.listSubscriptions(reads, workspaceId, query)
      const ids = page.map(({ id }) => id)
      const health = await healthOf(reads, workspaceId, ids)
      const webhooks = page.map((one) => ({ ...one, health: health.get(one.id) }))
      return { webhooks, next_cursor: next }
    },

    async getWebhook({ params, access: { workspaceId } }) {
      const id = params.endpoint_id
      const found = await subscriptions.findSubscription(reads, workspaceId, id)
      const health = (await healthOf(reads, workspaceId, [id])).get(id)
      if (found === null || health === undefined) throw notFound('webhook')
      const latency = await latencyOf(reads, workspaceId, id)
      return { ...found, health: { ...health, latency } }
    },

    async updateWebhook({ params, body, access: { workspaceId } }) {
      if (body.url !== undefined) checkUrl(body.url)
      const updated = await database.transaction((client) =>
        subscriptions.updateSubscription(client, workspaceId, params.endpoint_id, body),
      )
      if (updated === null) throw notFound('webhook')
      return updated
    },

    async deleteWebhook({ params, access: { workspaceId } }) {
      const isDeleted = await database.transaction((client) =>
        subscriptions.deleteSubscription(client, workspaceId, params.endpoint_id),
      )
      if (!isDeleted) throw notFound('webhook')
    },

    async getWebhookSecret({ params, access: { workspaceId } }) {
      const sealed = await subscriptions.findSecret(reads, workspaceId, params.endpoint_id)
      if (sealed === null) throw notFound('webhook')
      const context = subscriptions.secretContext(workspaceId, params.endpoint_id)
      return { secret: secrets.decrypt(sealed, context) }
    },

    async rotateWebhookSecret({ params, access: { workspaceId } }) {
      const id = params.endpoint_id
      const secret = createSigningSecret()
      const sealed = secrets.encrypt(secret, subscriptions.secretContext(workspaceId, id))
      const until = await database.transaction((client) =>
        subscriptions.replaceSecret(client, workspaceId, id, sealed),
      )
      if (until === null) throw notFound('webhook')
      return { secret, previous_valid_until: until.toISOString() }
    },
  } satisfies Partial<Handlers>
}
