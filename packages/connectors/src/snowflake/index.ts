import { defineConnector } from '@bookend/core'
import { TokenCache } from '../rest/token-cache.ts'
import { rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { analyticsWrite } from './analytics.ts'
import { check } from './check.ts'
import { baseOf } from './rest.ts'
import { SnowflakeAuth, SnowflakeSettings } from './schema.ts'

export const snowflake = defineConnector({
  id: 'snowflake',
  label: 'Snowflake',
  settings: SnowflakeSettings,
  auth: SnowflakeAuth,
  client: { open: () => new TokenCache(), close: () => Promise.resolve() },
  origin: (settings) => new URL(baseOf(settings)).origin,
  check,
  actions: {
    'row.query_one': rowQueryOne,
    'row.query': rowQuery,
    'row.insert': rowInsert,
    'row.upsert': rowUpsert,
    'analytics.write': analyticsWrite,
  },
})
