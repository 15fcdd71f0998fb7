// BigQuery's API as the actions use it.
//
// R1. A connection that is `read_only` sends no write.
// R2. Two changes of a table at once are one after the other: the second is tried again.

import type { ActionContext, Verdict } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { z } from 'zod'
import type { GoogleAuth } from '../google/schema.ts'
import { createGoogleExchange } from '../google/session.ts'
import type { HeardAnswer, RestAnswer, RestRequest } from '../rest/exchange.ts'
import type { TokenCache } from '../rest/token-cache.ts'
import type { BigquerySettings } from './schema.ts'

export type Context = ActionContext<BigquerySettings, GoogleAuth, TokenCache>

const send = createGoogleExchange<Context>('https://www.googleapis.com/auth/bigquery', readClash)

export async function exchange(ctx: Context, request: RestRequest): Promise<RestAnswer> {
  if (ctx.settings.read_only && request.effect === 'write') {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  return await send(ctx, request)
}

const Problem = z.object({ error: z.object({ message: z.string() }) })

/** Told only by its words (R2). */
function readClash({ status, body }: HeardAnswer): Verdict | null {
  if (status !== 400) return null
  const message = Problem.safeParse(body).data?.error.message ?? ''
  return /^Could not serialize access/i.test(message) || /concurrent update/i.test(message)
    ? { kind: 'retry', detail: 'concurrent_update' }
    : null
}

export interface TableName {
  readonly dataset: string
  readonly table: string
}

export function parseTable({ settings }: Context, name: string): TableName {
  const [table = '', dataset = settings.dataset] = name.split('.').toReversed()
  return { dataset, table }
}

export const inProject = ({ settings }: Context, ...more: readonly string[]): readonly string[] => [
  'projects',
  settings.project,
  ...more,
]

/** As SQL writes it. */
export const quoteTable = ({ settings }: Context, { dataset, table }: TableName): string =>
  `\`${settings.project}\`.\`${dataset}\`.\`${table}\``
