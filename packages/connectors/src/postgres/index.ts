import { defineConnector } from '@bookend/core'
import { rowExecute, rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { analyticsWrite } from './analytics.ts'
import { client } from './client.ts'
import type { Context } from './session.ts'
import { read } from './transaction.ts'
import { PostgresAuth, PostgresSettings } from './schema.ts'

export const postgres = defineConnector({
  id: 'postgres',
  label: 'PostgreSQL',
  settings: PostgresSettings,
  auth: PostgresAuth,
  client,
  check: async (ctx: Context) => {
    const text = "select current_user || ' in ' || current_database() as account"
    const [row] = await read(ctx, { text, values: [] }, 1)
    const { account } = row ?? {}
    return { account: typeof account === 'string' ? account : null, warnings: [] }
  },
  actions: {
    'row.query_one': rowQueryOne,
    'row.query': rowQuery,
    'row.insert': rowInsert,
    'row.upsert': rowUpsert,
    'row.execute': rowExecute,
    'analytics.write': analyticsWrite,
  },
})
