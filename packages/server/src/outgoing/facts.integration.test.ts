// What Node, undici and the libraries do today, and the design rests on. An upgrade that changes one
// of these is not wrong, but the module that cites it has to be read again.

import { once } from 'node:events'
import { connect } from 'node:net'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import ipaddr from 'ipaddr.js'
import { Client, fetch, request } from 'undici'
import { describe, expect, test } from 'vitest'
import { answer, head, serveHttp, serveRaw } from './testing/servers.ts'

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

describe('a fact the design rests on', () => {
  test('1: `net.connect` calls no look-up for a literal address', async () => {
    await using server = await serveRaw(() => undefined)
    let lookups = 0
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      lookup: (_hostname, _options, done) => {
        lookups += 1
        done(new Error('refused by a guard in look-up'), '', 4)
      },
    })
    await once(socket, 'connect')
    socket.destroy()
    expect(lookups).toBe(0)
  })

  test.each([
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127.0.0\u00ad.1',
    '%31%32%37.0.0.1',
  ])('2: the URL parser knows %s', (host) => {
    expect(new URL(`http://${host}/`).hostname).toBe('127.0.0.1')
  })

  test('3: `ipaddr.js` calls an IPv4-compatible address plain unicast', () => {
    expect(new URL('http://[::127.0.0.1]/').hostname).toBe('[::7f00:1]')
    expect(ipaddr.parse('::7f00:1').range()).toBe('unicast')
  })

  test('4: `fetch` follows a redirect, `request` does not', async () => {
    await using server = await serveHttp((incoming, response) => {
      if (incoming.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end('followed')
    })
    expect(await (await fetch(`${server.url}/a`)).text()).toBe('followed')
    const { statusCode, body } = await request(`${server.url}/a`)
    await body.dump()
    expect(statusCode).toBe(302)
  })

  test('5: undici passes a configured `host`, `te`, `trailer` and `proxy-authorization`', async () => {
    await using server = await serveRaw((socket) => socket.end(answer('')))
    const headers = {
      host: 'evil.example',
      te: 'trailers',
      trailer: 'x',
      'proxy-authorization': 'y',
    }
    await (await request(server.url, { headers })).body.dump()
    for (const line of [
      'host: evil.example',
      'te: trailers',
      'trailer: x',
      'proxy-authorization: y',
    ]) {
      expect(server.received).toContain(line)
    }
    await expect(request(server.url, { headers: { a: 'b\r\nc: d' } })).rejects.toThrow('invalid')
  })

  test('6: `maxResponseSize` counts bytes on the wire, and few of them can hold many', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    await using server = await serveHttp((_incoming, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    const client = new Client(server.url, { maxResponseSize: bomb.length + 1 })
    const { body } = await client.request({ path: '/', method: 'GET' })
    expect((await body.arrayBuffer()).byteLength).toBe(bomb.length)
    await client.destroy()
    expect(brotliCompressSync(Buffer.alloc(5_000_000), quick).length).toBeLessThan(200)
  })

  test('7: a single byte restarts the idle timer of a body', async () => {
    // undici counts these timers in ticks of about half a second, so the drip is counted, too.
    await using server = await serveRaw((socket) => {
      socket.write(head('200 OK', 'content-length: 100'))
      const drip = setInterval(() => socket.write('x'), 200)
      socket.once('close', () => clearInterval(drip))
    })
    const client = new Client(server.url, { bodyTimeout: 1_500 })
    const { body } = await client.request({ path: '/', method: 'GET' })
    let received = 0
    for await (const chunk of body) {
      received += chunk.length
      if (received >= 15) break
    }
    expect(received).toBeGreaterThanOrEqual(15)
    await client.destroy()
  })
})
