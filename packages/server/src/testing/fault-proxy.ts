// Stands between a pool and its database, and breaks what goes through in the ways a network does.

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface FaultProxy extends AsyncDisposable {
  readonly url: string
  /** Connections that are open. */
  readonly count: number
  /** Nothing arrives any more, in either direction, and nobody is told. */
  blackhole(): void
  /** Whatever is said next on a connection ends it with a reset, until `heal`. */
  reset(): void
  /** Resets every connection now. */
  resetAll(): void
  /** The next COMMIT reaches the database; its connection is cut before the reply. */
  dropCommitReply(): void
  /** New connections and whatever is said on them go through again. */
  heal(): void
}

type Mode = 'through' | 'blackhole' | 'reset'

export async function openFaultProxy(url: string): Promise<FaultProxy> {
  const { hostname, port, searchParams, username, password, pathname } = new URL(url)
  const folder = searchParams.get('host')
  const number = Number(searchParams.get('port') ?? (port === '' ? '5432' : port))
  const pairs = new Set<readonly [Socket, Socket]>()
  let mode: Mode = 'through'
  let isCommitLost = false

  const server = createServer((near) => {
    const far =
      folder === null ? connect(number, hostname) : connect(`${folder}/.s.PGSQL.${number}`)
    const pair = [near, far] as const
    pairs.add(pair)
    let isReplyLost = false
    const forward = (to: Socket, bytes: Buffer): void => {
      if (mode === 'reset') return near.resetAndDestroy() && undefined
      if (mode === 'through') to.write(bytes)
    }
    near.on('data', (bytes) => {
      if (isCommitLost && bytes.includes('commit')) [isCommitLost, isReplyLost] = [false, true]
      forward(far, bytes)
    })
    far.on('data', (bytes) => {
      if (isReplyLost) near.resetAndDestroy()
      else forward(near, bytes)
    })
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port: nearPort } = server.address() as AddressInfo
  const resetAll = (): void => {
    for (const [near] of pairs) near.resetAndDestroy()
  }
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${nearPort}${pathname}`,
    get count() {
      return pairs.size
    },
    blackhole: () => void (mode = 'blackhole'),
    reset: () => void (mode = 'reset'),
    resetAll,
    dropCommitReply: () => void (isCommitLost = true),
    heal: () => void (mode = 'through'),
    async [Symbol.asyncDispose]() {
      resetAll()
      await once(server.close(), 'close')
    },
  }
}
