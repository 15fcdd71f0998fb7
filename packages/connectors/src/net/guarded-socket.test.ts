import { ConnectorFault, type ReachPort } from '@bookend/core'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anywhere } from '../testing/reach.ts'
import { GuardedSocket } from './guarded-socket.ts'

let server: Server
let port: number
let heard = ''
let connections = 0

beforeEach(async () => {
  heard = ''
  connections = 0
  server = createServer((socket) => {
    connections += 1
    socket.on('data', (chunk) => (heard += String(chunk)))
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end('bye'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(() => void server.close())

/** Says a word as soon as it is connected, as a library would; resolves with how it ended. */
async function say(reach: Partial<ReachPort>, host = 'relay.example', isPlain = false) {
  const socket = new GuardedSocket({ reach: { ...anywhere, ...reach }, isPlain })
  socket.once('connect', () => socket.end('word'))
  socket.resume()
  const failed = new Promise((resolve) => {
    socket.once('error', resolve)
    socket.once('close', () => resolve(null))
  })
  socket.connect(port, host)
  return await failed
}

const at = (address: string) => () => Promise.resolve([{ address, family: 4 }])

describe('a socket that dials for a library', () => {
  test('dials the address that was judged, under the name that was given (A5)', async () => {
    const asked: unknown[] = []
    const addressesOf: ReachPort['addressesOf'] = (host, on) => {
      asked.push([host, on])
      return at('127.0.0.1')()
    }
    expect(await say({ addressesOf })).toBeNull()
    expect(asked).toEqual([['relay.example', port]])
    expect(heard).toBe('word')
  })

  test('dials a literal address only after it was judged (A4)', async () => {
    const refusal = new ConnectorFault({ kind: 'refused', detail: 'blocked' })
    const addressesOf = () => Promise.reject(refusal)
    expect(await say({ addressesOf }, '127.0.0.1')).toBe(refusal)
    expect(connections).toBe(0)
  })

  test('says nothing to a peer that may not be talked to (A5)', async () => {
    const peers: unknown[] = []
    const allowsPeer = (...peer: unknown[]): boolean => {
      peers.push(peer)
      return false
    }
    const ended = await say({ addressesOf: at('127.0.0.1'), allowsPeer })
    expect(ended).toMatchObject({ verdict: { kind: 'refused', detail: 'blocked' } })
    expect(peers).toEqual([['127.0.0.1', port]])
    expect(heard).toBe('')
  })

  test('says nothing in plain text to a peer elsewhere (A14)', async () => {
    const plain = { addressesOf: at('127.0.0.1'), allowsPlain: () => false }
    expect(await say(plain, 'relay.example', true)).toMatchObject({ verdict: { kind: 'refused' } })
    expect(heard).toBe('')
    expect(await say(plain, 'relay.example', false)).toBeNull()
    expect(heard).toBe('word')
  })

  test('opens a file’s socket only where that is allowed, and no other kind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bookend-socket-'))
    const path = join(folder, 's')
    const local = createServer((socket) => socket.end())
    await once(local.listen(path), 'listening')
    const open = (allowsFiles: boolean, ...args: unknown[]) => {
      const socket = new GuardedSocket({ reach: { ...anywhere, allowsFiles }, isPlain: false })
      const ended = Promise.race([once(socket, 'connect'), once(socket, 'error')])
      socket.on('error', () => undefined).connect(...args)
      return ended.then(
        () => (socket.destroy(), 'connected'),
        (error: ConnectorFault) => error.verdict.detail,
      )
    }
    expect(await open(true, path)).toBe('connected')
    expect(await open(false, path)).toBe('blocked')
    expect(await open(true, { host: '127.0.0.1', port })).toBe('blocked')
    local.close()
    await rm(folder, { recursive: true })
  })
})
