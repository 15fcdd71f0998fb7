import { defineConnector } from '@bookend/core'
import { GoogleAuth, originOf } from '../google/schema.ts'
import { TokenCache } from '../rest/token-cache.ts'
import { rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { analyticsWrite } from './analytics.ts'
import { check } from './check.ts'
import { BigquerySettings } from './schema.ts'

export const bigquery = defineConnector({
  id: 'bigquery',
  label: 'BigQuery',
  settings: BigquerySettings,
  auth: GoogleAuth,
  client: { open: () => new TokenCache(), close: () => Promise.resolve() },
  origin: originOf,
  // For each user and method; answers say nothing of it.
  buckets: { default: { limit: 100, perMs: 1_000 } },
  check,
  actions: {
    'row.query_one': rowQueryOne,
    'row.query': rowQuery,
    'row.insert': rowInsert,
    'row.upsert': rowUpsert,
    'analytics.write': analyticsWrite,
  },
})
