import { ConnectorFault, type ReachPort } from '@bookend/core'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anywhere } from '../testing/reach.ts'
import { dial, openEvent } from './dial.ts'

interface Certificates {
  readonly testAuthority: string
  readonly leafKey: string
  readonly leaf: string
  readonly elsewhere: string
}

/** Of the server's own tests; this package does not depend on it. */
const path = new URL('../../../server/src/outgoing/testing/certificates.ts', import.meta.url).href
const { testAuthority, leafKey, leaf, elsewhere } = (await import(
  /* @vite-ignore */ path
)) as Certificates

let trusted: Server
let misnamed: Server
let heard = ''

const serve = async (cert: string): Promise<Server> => {
  const server = createServer({ key: leafKey, cert }, (socket) => {
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      socket.end('bye')
    })
    socket.on('error', () => undefined)
  })
  server.on('tlsClientError', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

beforeAll(async () => {
  ;[trusted, misnamed] = await Promise.all([serve(leaf), serve(elsewhere)])
})
afterAll(() => [trusted, misnamed].forEach((server) => server.close()))

interface To {
  readonly server: Server
  readonly host?: string
  readonly ca?: string
  readonly reach?: Partial<ReachPort>
}

/** Says a word and hears one. */
async function talk({ server, host = '127.0.0.1', ca = testAuthority, reach = {} }: To) {
  const { port } = server.address() as AddressInfo
  const socket = dial({ reach: { ...anywhere, ...reach }, host, port, tls: true, ca })
  await once(socket, openEvent(true))
  socket.write('word')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString()
}

describe('a socket with TLS over it', () => {
  test('talks to who has the certificate of its name or address', async () => {
    expect(await talk({ server: trusted })).toBe('bye')
    expect(await talk({ server: trusted, host: 'localhost' })).toBe('bye')
    expect(heard).toBe('wordword')
  })

  test('talks to nobody else', async () => {
    await expect(talk({ server: misnamed })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    await expect(talk({ server: trusted, ca: leaf })).rejects.toThrow(/certificate/)
    expect(heard).toBe('wordword')
  })

  test('is not opened to where none may be, by name and by peer (A1–A6)', async () => {
    const fault = new ConnectorFault({ kind: 'refused', detail: 'blocked' })
    const addressesOf = () => Promise.reject(fault)
    await expect(talk({ server: trusted, reach: { addressesOf } })).rejects.toBe(fault)
    await expect(
      talk({ server: trusted, reach: { allowsPeer: () => false } }),
    ).rejects.toMatchObject({ verdict: { detail: 'blocked' } })
  })
})
