import { defineConnector } from '@bookend/core'
import { type Context, client, read } from './client.ts'
import { hashGet, setHas, valueFindByPhone, valueGet, valueGetMany } from './lookups.ts'
import { RedisAuth, RedisSettings } from './schema.ts'
import { hashSet, valueDelete, valueSet } from './writes.ts'

export const redis = defineConnector({
  id: 'redis',
  label: 'Redis, Valkey',
  settings: RedisSettings,
  auth: RedisAuth,
  // Without TLS another could answer in the server's place.
  origin: ({ host, port, tls }) => `${tls ? 'secure' : 'plain'} ${host}:${port}`,
  client,
  check: async (ctx: Context) => {
    await read(ctx, 'PING', [])
    const { auth, settings } = ctx
    const user = auth?.user ?? 'default'
    return {
      account: `${user} at ${settings.host}, database ${settings.database}`,
      warnings: [],
    }
  },
  actions: {
    'value.get': valueGet,
    'value.get_many': valueGetMany,
    'value.find_by_phone': valueFindByPhone,
    'hash.get': hashGet,
    'set.has': setHas,
    'value.set': valueSet,
    'value.delete': valueDelete,
    'hash.set': hashSet,
  },
})
