import { defineConnector } from '@bookend/core'
import { Outbox } from './outbox.ts'
import { type Context, messageProduce, patienceOf } from './produce.ts'
import { KafkaAuth, KafkaSettings } from './schema.ts'

export const kafka = defineConnector({
  id: 'kafka',
  label: 'Kafka',
  settings: KafkaSettings,
  auth: KafkaAuth,
  // Without TLS another could answer in a broker's place.
  origin: ({ brokers, tls, sasl }) =>
    `${tls ? 'secure' : 'plain'} ${sasl} ${brokers.toSorted().join()}`,
  client: {
    open: (settings, auth, reach) => new Outbox({ settings, auth, reach }),
    close: async (outbox) => outbox.close(),
  },
  check: async (ctx: Context) => {
    const cluster = await ctx.client.readCluster(patienceOf(ctx).signal)
    const user = ctx.auth?.user ?? 'anonymous'
    return { account: `${user} at ${cluster ?? ctx.settings.brokers[0]}`, warnings: [] }
  },
  actions: { 'message.produce': messageProduce },
})
