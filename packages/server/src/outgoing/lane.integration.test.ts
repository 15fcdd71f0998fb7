import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { HttpResult } from '@bookend/core'
import { createAddressRule } from './address-rule.ts'
import { Exchange } from './exchange.ts'
import { Lane, type LaneOwner } from './lane.ts'
import type { Resolve, ResolvedAddress } from './resolve.ts'
import { bodyOf, outcomeOf, post } from './testing/client.ts'
import { answer, serveRaw } from './testing/servers.ts'

/** Does nothing about a dropped lane, as if its turn to be destroyed had not come. */
const nobody: LaneOwner = { released: () => undefined, dropped: () => undefined }
const allows = createAddressRule({ allowPrivateTargets: true })
const loopback: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])

function laneTo(port: number, owner: LaneOwner = nobody, resolve: Resolve = loopback): Lane {
  const target = { hostname: 'a.example', port, secureContext: null }
  const origin = { href: `http://a.example:${port}`, target, isNamed: true }
  return new Lane(origin, { allows, resolve }, owner, 60_000)
}

function runOn(
  lane: Lane,
  then: (exchange: Exchange) => void = () => undefined,
): Promise<HttpResult> {
  return new Promise((resolve) => {
    const exchange = new Exchange(post('http://a.example/', 'do it'), resolve)
    exchange.begin(lane)
    lane.run(exchange, { path: '/', headers: [] })
    then(exchange)
  })
}

describe('a request reported as not sent', () => {
  test('stays unsent, even if its connection opens a moment later (E2)', async () => {
    let closed = (): void => undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    await using server = await serveRaw((socket) => socket.write(answer('acted on')))
    server.onConnection((socket) => socket.once('close', closed))
    let open = (_addresses: readonly ResolvedAddress[]): void => undefined
    const resolving = new Promise<readonly ResolvedAddress[]>((resolve) => (open = resolve))
    const lane = laneTo(server.port, nobody, () => resolving)
    const result = await runOn(lane, (exchange) => exchange.fail('timeout'))
    expect(outcomeOf(result)).toBe('timeout, not sent')
    open([{ address: '127.0.0.1', family: 4 }])
    await gone
    expect(server.connections).toBe(1)
    expect(server.received).toBe('')
    await lane.destroy()
  })
})

describe('an idle lane', () => {
  test('is given up when the other side closes it', async () => {
    let idle: Socket | undefined
    await using server = await serveRaw((socket) => {
      idle = socket
      socket.write(answer('hello'))
    })
    let dropped = (): void => undefined
    const dropping = new Promise<void>((resolve) => (dropped = resolve))
    const lane = laneTo(server.port, { released: () => undefined, dropped: () => dropped() })
    expect(bodyOf(await runOn(lane))).toBe('hello')
    idle?.end()
    await dropping
    await lane.destroy()
  })

  test('that lost its connection opens another, and does not call it reused', async () => {
    let idle: Socket | undefined
    await using server = await serveRaw((socket) => {
      idle = socket
      socket.write(answer('hello'))
    })
    const lane = laneTo(server.port)
    expect(bodyOf(await runOn(lane))).toBe('hello')
    if (idle !== undefined) await once(idle.end(), 'close')
    const result = await runOn(lane)
    expect(result).toMatchObject({ kind: 'answered', reusedConnection: false })
    expect(result.phases.connectMs).toBeGreaterThan(0)
    await lane.destroy()
  })
})
