// The connections of one Redis.
//
// C1. Reads have a connection of their own: a write on the way never keeps a caller waiting.
// C2. Reads send commands that read, and no other: their names are the type of `read`.
// C3. Every key has the connection's prefix.

import type { ActionContext, ClientLife } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { Line, type Reply } from './line.ts'
import type { RedisAuth, RedisSettings } from './schema.ts'

export interface RedisClient {
  readonly read: Line
  readonly write: Line
}

export type Context = ActionContext<RedisSettings, RedisAuth, RedisClient>

type ReadCommand = 'GET' | 'MGET' | 'HGETALL' | 'HMGET' | 'SISMEMBER' | 'PING'
type WriteCommand = 'SET' | 'DEL' | 'HSET' | 'EXPIRE'
type Args = readonly (string | number)[]

export const READ_MS = 2_000
export const WRITE_MS = 5_000

export const client: ClientLife<RedisSettings, RedisAuth, RedisClient> = {
  open: (settings, auth, reach) => ({
    read: new Line({ settings, auth, reach }),
    write: new Line({ settings, auth, reach }),
  }),
  close: async ({ read, write }) => {
    read.close()
    write.close()
  },
}

/** @throws {ConnectorFault} */
export const read = (ctx: Context, name: ReadCommand, args: Args): Promise<Reply> =>
  ctx.client.read.ask({ name, args, effect: 'read', signal: withinMs(ctx, READ_MS) })

/** @throws {ConnectorFault} */
export async function write(ctx: Context, name: WriteCommand, args: Args): Promise<Reply> {
  if (ctx.settings.read_only) {
    throw new ConnectorFault({ kind: 'refused', detail: 'read_only_connection' })
  }
  const signal = withinMs(ctx, WRITE_MS)
  return await ctx.client.write.ask({ name, args, effect: 'write', signal })
}

export const keyIn = ({ settings }: Context, key: string): string => settings.key_prefix + key

const withinMs = (ctx: Context, mostMs: number): AbortSignal =>
  AbortSignal.any([ctx.signal, AbortSignal.timeout(Math.ceil(Math.min(mostMs, ctx.remainingMs())))])
