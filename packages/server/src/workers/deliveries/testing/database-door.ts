import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface DatabaseDoor extends AsyncDisposable {
  readonly url: string
  /** Cuts every connection and lets no new one through. */
  shut(): void
  open(): void
}

/** Stands between a pool and the database of `url`, and can be shut like a server that is away. */
export async function openDatabaseDoor(url: string): Promise<DatabaseDoor> {
  const { hostname, port, searchParams, username, password, pathname } = new URL(url)
  const folder = searchParams.get('host')
  const number = Number(searchParams.get('port') ?? (port === '' ? '5432' : port))
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer((near) => {
    if (!isOpen) return near.destroy()
    const far =
      folder === null ? connect(number, hostname) : connect(`${folder}/.s.PGSQL.${number}`)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    return near.pipe(far).pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${address.port}${pathname}`,
    shut() {
      isOpen = false
      for (const socket of sockets) socket.destroy()
    },
    open() {
      isOpen = true
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}
