import { defineConnector } from '@bookend/core'
import { rowExecute, rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { client } from './client.ts'
import { PostgresAuth, PostgresSettings } from './schema.ts'

export const postgres = defineConnector({
  id: 'postgres',
  label: 'PostgreSQL',
  settings: PostgresSettings,
  auth: PostgresAuth,
  client,
  actions: {
    'row.query_one': rowQueryOne,
    'row.query': rowQuery,
    'row.insert': rowInsert,
    'row.upsert': rowUpsert,
    'row.execute': rowExecute,
  },
})
