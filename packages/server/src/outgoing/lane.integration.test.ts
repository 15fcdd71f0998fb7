import { describe, expect, test } from 'vitest'
import type { HttpResult } from '@bookend/core'
import { createAddressRule } from './address-rule.ts'
import { Exchange } from './exchange.ts'
import { Lane, type Origin } from './lane.ts'
import type { ResolvedAddress } from './resolve.ts'
import { outcomeOf, post } from './testing/client.ts'
import { answer, serveRaw } from './testing/servers.ts'

const nobody = { released: () => undefined, dropped: () => undefined }
const allows = createAddressRule({ allowPrivateTargets: true })

describe('a request reported as not sent', () => {
  test('stays unsent, even if its connection opens a moment later (E2)', async () => {
    let closed = (): void => undefined
    const gone = new Promise<void>((resolve) => (closed = resolve))
    await using server = await serveRaw((socket) => socket.write(answer('acted on')))
    server.onConnection((socket) => socket.once('close', closed))
    let open = (_addresses: readonly ResolvedAddress[]): void => undefined
    const resolving = new Promise<readonly ResolvedAddress[]>((resolve) => (open = resolve))
    const origin: Origin = {
      href: `http://late.example:${server.port}`,
      target: { hostname: 'late.example', port: server.port, secureContext: null },
      isNamed: true,
    }
    // The owner does nothing about the dropped lane, as if its turn to be destroyed had not come.
    const lane = new Lane(origin, { allows, resolve: () => resolving }, nobody, 60_000)
    const result = await new Promise<HttpResult>((resolve) => {
      const exchange = new Exchange(post(origin.href, 'do it'), resolve)
      exchange.begin(lane)
      lane.run(exchange, { path: '/', headers: [] })
      exchange.fail('timeout')
    })
    expect(outcomeOf(result)).toBe('timeout, not sent')
    open([{ address: '127.0.0.1', family: 4 }])
    await gone
    expect(server.connections).toBe(1)
    expect(server.received).toBe('')
    await lane.destroy()
  })
})
