import { defineConnector } from '@bookend/core'
import { read, rowExecute, rowInsert, rowQuery, rowQueryOne, rowUpsert } from './actions.ts'
import { analyticsWrite } from './analytics.ts'
import { client } from './client.ts'
import { MysqlAuth, MysqlSettings } from './schema.ts'
import type { Context } from './session.ts'

export const mysql = defineConnector({
  id: 'mysql',
  label: 'MySQL, MariaDB',
  settings: MysqlSettings,
  auth: MysqlAuth,
  // Without TLS another could answer in the server's place.
  origin: ({ host, port, tls }) => `${tls ? 'secure' : 'plain'} ${host}:${port}`,
  client,
  check: async (ctx: Context) => {
    const sql = "select concat(current_user(), ' in ', database()) as account"
    const [row] = await read(ctx, sql, [], 1)
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
