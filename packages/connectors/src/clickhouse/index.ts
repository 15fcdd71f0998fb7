import { defineConnector } from '@bookend/core'
import { rowInsert, rowQuery, rowQueryOne, select } from './actions.ts'
import { analyticsWrite } from './analytics.ts'
import type { Context } from './ask.ts'
import { ClickhouseAuth, ClickhouseSettings } from './schema.ts'

export const clickhouse = defineConnector({
  id: 'clickhouse',
  label: 'ClickHouse',
  settings: ClickhouseSettings,
  auth: ClickhouseAuth,
  origin: ({ url }) => new URL(url).origin,
  check: async (ctx: Context) => {
    const sql = 'select currentDatabase() as name, version() as version'
    const [row] = await select(ctx, sql, {}, 1)
    const { name, version } = row ?? {}
    const user = ctx.auth?.user ?? 'default'
    return {
      account: typeof name === 'string' ? `${user} in ${name}` : null,
      warnings: isOld(version)
        ? ['Its version knows no {name:Type}: queries take no params before 19.14']
        : [],
    }
  },
  actions: {
    'row.query_one': rowQueryOne,
    'row.query': rowQuery,
    'row.insert': rowInsert,
    'analytics.write': analyticsWrite,
  },
})

function isOld(version: unknown): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(typeof version === 'string' ? version : '') ?? []
  return Number(major) * 100 + Number(minor) < 1914
}
