import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import type { HttpResult } from '@bookend/core'
import { bodyOf, get, outcomeOf, post, scriptedLookup, testClient } from './testing/client.ts'
import { answer, head, serveHttp, serveRaw } from './testing/servers.ts'

const hello = (): ReturnType<typeof serveRaw> => serveRaw((socket) => socket.write(answer('hello')))
const silent = (): ReturnType<typeof serveRaw> => serveRaw(() => undefined)

describe('an exchange', () => {
  test('is one request and its answer', async () => {
    await using server = await serveHttp((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        const seen = { method: request.method, url: request.url, headers: request.headers, body }
        response.writeHead(201, { 'X-Seen': ['a', 'b'] }).end(JSON.stringify(seen))
      })
    })
    await using client = testClient()
    const headers = { 'Content-Type': 'application/json', 'X-One': '1' }
    const result = await client.send(post(`${server.url}/a/b?c=d#e`, '{"ü":1}', { headers }))
    expect(result).toMatchObject({ kind: 'answered', status: 201, sent: true })
    expect(result).toMatchObject({ reusedConnection: false, headers: { 'x-seen': 'a, b' } })
    expect(JSON.parse(bodyOf(result))).toEqual({
      method: 'POST',
      url: '/a/b?c=d',
      body: '{"ü":1}',
      headers: {
        host: `127.0.0.1:${server.port}`,
        connection: 'keep-alive',
        'accept-encoding': 'identity',
        'user-agent': 'Bookend',
        'content-type': 'application/json',
        'content-length': '8',
        'x-one': '1',
      },
    })
  })

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const)('may be a %s', async (method) => {
    await using server = await hello()
    await using client = testClient()
    const result = await client.send(get(server.url, { method }))
    expect(outcomeOf(result)).toBe('answered 200')
    expect(server.received.startsWith(`${method} / HTTP/1.1\r\n`)).toBe(true)
  })

  test('sends bytes as they are, and an agent name if one is given', async () => {
    await using server = await hello()
    await using client = testClient()
    const body = new Uint8Array([1, 2, 3]).subarray(1)
    await client.send(get(server.url, { method: 'PUT', body, headers: { 'User-Agent': 'mine' } }))
    expect(server.received.endsWith('content-length: 2\r\n\r\n\u0002\u0003')).toBe(true)
    expect(server.received).toContain('User-Agent: mine\r\n')
    expect(server.received).not.toContain('Bookend')
  })

  test.each([200, 204, 400, 401, 404, 429, 500, 503, 599])(
    'answers with any status: %i',
    async (status) => {
      await using server = await serveRaw((socket) => {
        socket.write(status === 204 ? head('204 No Content') : answer('why', `${status} Reason`))
      })
      await using client = testClient()
      const result = await client.send(get(server.url))
      expect(result).toMatchObject({ kind: 'answered', status })
      expect(bodyOf(result)).toBe(status === 204 ? '' : 'why')
    },
  )

  test.each([
    ['a line break', { 'x-note': 'a\r\nX-Evil: b' }],
    ['non-Latin text', { 'x-note': '你好' }],
    ['a framing header', { 'Transfer-Encoding': 'chunked' }],
    ['another host', { host: 'evil.example' }],
  ])('is refused with %s in a header (A15, A16)', async (_what, headers) => {
    await using server = await hello()
    await using client = testClient()
    const result = await client.send(get(server.url, { headers }))
    expect(outcomeOf(result)).toBe('invalid_header, not sent')
    expect(server.connections).toBe(0)
  })
})

describe('`sent`', () => {
  test('is false while nothing listens', async () => {
    const server = await hello()
    await server[Symbol.asyncDispose]()
    await using client = testClient()
    expect(outcomeOf(await client.send(post(server.url, '{}')))).toBe(
      'connection_refused, not sent',
    )
  })

  test('is true when the answer breaks off, and the request is not repeated', async () => {
    await using server = await serveRaw((socket) => socket.resetAndDestroy())
    await using client = testClient()
    for (const request of [post(server.url, '{}'), get(server.url)]) {
      expect(outcomeOf(await client.send(request))).toBe('connection_reset, sent')
    }
    expect(server.connections).toBe(2)
    expect(server.received.match(/HTTP\/1\.1/g)).toHaveLength(2)
  })

  test('is true when the answer does not come', async () => {
    await using server = await silent()
    await using client = testClient()
    const result = await client.send(post(server.url, '{}', { totalMs: 500 }))
    expect(outcomeOf(result)).toBe('timeout, sent')
  })
})

describe('the deadline', () => {
  test('answers everyone, and takes the connections down afterwards (fact 8)', async () => {
    await using server = await silent()
    await using client = testClient({ maxInFlightPerHost: 400 })
    const sending = Array.from({ length: 300 }, () =>
      client.send(post(server.url, '{}', { totalMs: 2_000 })),
    )
    const results = await Promise.all(sending)
    expect(new Set(results.map(outcomeOf))).toEqual(new Set(['timeout, sent']))
    expect(client.inFlight).toBeGreaterThan(0)
    await vi.waitUntil(() => client.inFlight === 0)
  })

  test.each([0, -1, Number.NaN])(
    'that is over before it began sends nothing: %d',
    async (totalMs) => {
      await using server = await hello()
      await using client = testClient()
      expect(outcomeOf(await client.send(get(server.url, { totalMs })))).toBe('timeout, not sent')
      expect(server.connections).toBe(0)
    },
  )

  test('may be far away', async () => {
    await using server = await hello()
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url, { totalMs: Infinity })))).toBe('hello')
  })

  test('may be moved up by the caller’s signal', async () => {
    await using server = await silent()
    await using client = testClient()
    const abort = new AbortController()
    const { signal } = abort
    const sending = client.send(post(server.url, 'body', { signal }))
    await server.seen('body')
    abort.abort()
    expect(outcomeOf(await sending)).toBe('timeout, sent')
    expect(outcomeOf(await client.send(get(server.url, { signal })))).toBe('timeout, not sent')
  })

  test('leaves nothing behind on the signal', async () => {
    await using server = await hello()
    await using client = testClient()
    const { signal } = new AbortController()
    let listeners = 0
    const add = vi.spyOn(signal, 'addEventListener').mockImplementation(() => void (listeners += 1))
    const remove = vi
      .spyOn(signal, 'removeEventListener')
      .mockImplementation(() => void (listeners -= 1))
    await client.send(get(server.url, { signal }))
    expect(add).toHaveBeenCalledOnce()
    expect(remove).toHaveBeenCalledOnce()
    expect(listeners).toBe(0)
  })
})

describe('a kept connection', () => {
  test('is used again, one exchange after the other', async () => {
    await using server = await hello()
    await using client = testClient()
    const reused: unknown[] = []
    const results: HttpResult[] = []
    for (let index = 0; index < 3; index += 1) results.push(await client.send(get(server.url)))
    for (const result of results) reused.push(result.kind === 'answered' && result.reusedConnection)
    expect(results[0]?.phases.connectMs).toBeGreaterThan(0)
    expect(results[2]?.phases).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null })
    expect(reused).toEqual([false, true, true])
    expect(server.connections).toBe(1)
  })

  test('carries one exchange at a time', async () => {
    await using server = await hello()
    await using client = testClient()
    await Promise.all([client.send(get(server.url)), client.send(get(server.url))])
    expect(server.connections).toBe(2)
  })

  test('is given up after its time, so that the name is looked up again (L1)', async () => {
    await using server = await hello()
    const { lookup, asked } = scriptedLookup({ 'a.example': [['127.0.0.1']] })
    await using client = testClient({ lookup, keepConnectionMs: 0 })
    for (let index = 0; index < 3; index += 1) {
      expect(bodyOf(await client.send(get(`http://a.example:${server.port}/`)))).toBe('hello')
    }
    expect(asked).toHaveLength(3)
    expect(server.connections).toBe(3)
  })

  test('is closed when an answer comes that nobody asked for (B9)', async () => {
    let idle: Socket | undefined
    await using server = await serveRaw((socket, count) => {
      idle ??= socket
      socket.write(answer(`mine ${count}`))
    })
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url)))).toBe('mine 1')
    idle?.write(answer('stale'))
    if (idle !== undefined) await once(idle, 'close')
    const result = await client.send(get(server.url))
    expect(result).toMatchObject({ kind: 'answered', reusedConnection: false })
    expect(bodyOf(result)).toBe('mine 1')
  })

  test('never hands a second answer in the same packet to the next exchange (B9)', async () => {
    await using server = await serveRaw((socket, count) => {
      socket.write(answer(`mine ${count}`) + answer('stale'))
    })
    await using client = testClient()
    for (let index = 0; index < 3; index += 1) {
      expect(bodyOf(await client.send(get(server.url)))).toBe('mine 1')
    }
    expect(server.connections).toBe(3)
  })

  test('that the other side announces to close is replaced', async () => {
    await using server = await serveRaw((socket) => {
      socket.end(answer('hello', '200 OK', 'connection: close'))
    })
    await using client = testClient()
    for (let index = 0; index < 10; index += 1) {
      expect(bodyOf(await client.send(post(server.url, '{}')))).toBe('hello')
    }
    expect(server.connections).toBe(10)
  })

  test('that the other side closes without a word is replaced', async () => {
    let idle: Socket | undefined
    await using server = await serveRaw((socket) => {
      idle = socket
      socket.write(answer('hello'))
    })
    await using client = testClient()
    for (let index = 0; index < 3; index += 1) {
      expect(bodyOf(await client.send(post(server.url, '{}')))).toBe('hello')
      // It is gone on this side once the other side has answered the end with its own.
      if (idle !== undefined) await once(idle.end(), 'close')
    }
    expect(server.connections).toBe(3)
  })

  test('is not used again while a request is still being written (L2)', async () => {
    await using server = await serveRaw((socket, count) => {
      if (count > 0 && socket.bytesWritten === 0) {
        socket.pause()
        socket.write(answer('too much', '413 Too Large'))
      }
    })
    await using client = testClient()
    const big = 'x'.repeat(20_000_000)
    expect(outcomeOf(await client.send(post(server.url, big)))).toBe('answered 413')
    expect(outcomeOf(await client.send(get(server.url)))).toBe('answered 413')
    expect(server.connections).toBe(2)
  })

  test('keeps no cookie (B9)', async () => {
    await using server = await serveRaw((socket) =>
      socket.write(answer('', '200 OK', 'set-cookie: a=b')),
    )
    await using client = testClient()
    await client.send(get(server.url))
    await client.send(get(server.url))
    expect(server.received.toLowerCase()).not.toContain('cookie')
  })
})

describe('a cap on exchanges', () => {
  const codes = (results: readonly HttpResult[]): string[] => results.map(outcomeOf).toSorted()

  test('answers at once what is over it, per host (A18)', async () => {
    await using server = await silent()
    await using other = await hello()
    const { lookup } = scriptedLookup({ 'other.example': [['127.0.0.1']] })
    await using client = testClient({ lookup, maxInFlightPerHost: 2 })
    const request = post(server.url, '{}', { totalMs: 500 })
    const sending = [client.send(request), client.send(request)]
    expect(client.inFlight).toBe(2)
    expect(outcomeOf(await client.send(request))).toBe('throttled, not sent')
    // Another port is the same host, and another name another.
    expect(outcomeOf(await client.send(get(other.url)))).toBe('throttled, not sent')
    const otherHost = get(`http://other.example:${other.port}/`)
    expect(outcomeOf(await client.send(otherHost))).toBe('answered 200')
    expect(codes(await Promise.all(sending))).toEqual(['timeout, sent', 'timeout, sent'])
    await vi.waitUntil(() => client.inFlight === 0)
    expect(outcomeOf(await client.send(request))).toBe('timeout, sent')
  })

  test('answers at once what is over it, in all (A18)', async () => {
    await using server = await silent()
    await using other = await hello()
    await using client = testClient({ maxInFlight: 1 })
    const sending = client.send(post(server.url, '{}', { totalMs: 500 }))
    expect(outcomeOf(await client.send(get(other.url)))).toBe('throttled, not sent')
    expect(outcomeOf(await sending)).toBe('timeout, sent')
  })

  test('holds for how often a host is asked, too (A18)', async () => {
    await using server = await hello()
    const { lookup } = scriptedLookup({
      'a.example': [['127.0.0.1']],
      'b.example': [['127.0.0.1']],
    })
    await using client = testClient({ lookup, maxPerSecondPerHost: 0.01 })
    const ask = async (name: string) =>
      outcomeOf(await client.send(get(`http://${name}:${server.port}/`)))
    expect(await ask('a.example')).toBe('answered 200')
    expect(await ask('a.example')).toBe('throttled, not sent')
    expect(await ask('b.example')).toBe('answered 200')
    expect(server.connections).toBe(2)
  })

  test('does not count connections that are idle', async () => {
    await using server = await hello()
    await using other = await hello()
    await using client = testClient({ maxInFlight: 1, maxInFlightPerHost: 1 })
    for (const { url } of [server, other, server]) {
      expect(outcomeOf(await client.send(get(url)))).toBe('answered 200')
    }
    expect(client.inFlight).toBe(0)
  })
})

describe('closing', () => {
  test('ends what is under way, as no fault of the target', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    await using server = await serveRaw((socket) => {
      closed = once(socket, 'close')
    })
    await using client = testClient()
    const sending = client.send(post(server.url, 'body'))
    await server.seen('body')
    await client.close()
    expect(outcomeOf(await sending)).toBe('throttled, sent')
    await closed
    expect(client.inFlight).toBe(0)
  })

  test('takes idle connections with it, and nothing after it', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    await using server = await serveRaw((socket) => {
      closed = once(socket, 'close')
      socket.write(answer('hello'))
    })
    await using client = testClient()
    await client.send(get(server.url))
    await client.close()
    await closed
    expect(outcomeOf(await client.send(get(server.url)))).toBe('throttled, not sent')
    await client.close()
  })
})

test('a storm of failures leaves the process as it was', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  await using silentOne = await silent()
  await using resetting = await serveRaw((socket) => socket.resetAndDestroy())
  await using garbled = await serveRaw((socket) => socket.write('garbage\r\n\r\n'))
  await using moved = await serveRaw((socket) => socket.write(head('302 Found', 'location: /')))
  await using polluting = await serveRaw((socket) => {
    socket.write(answer('x'.repeat(200), '200 OK', '__proto__: polluted'))
  })
  await using client = testClient()
  const servers = [silentOne, resetting, garbled, moved, polluting]
  const sending = Array.from({ length: 100 }, (_, index) => {
    const { url } = servers[index % servers.length] ?? silentOne
    return client.send(post(url, '{}', { totalMs: 2_000, maxBodyBytes: 100 }))
  })
  const outcomes = new Set((await Promise.all(sending)).map(outcomeOf))
  expect([...outcomes].toSorted()).toEqual([
    'connection_reset, sent',
    'redirect_refused, sent',
    'response_too_large, sent',
    'timeout, sent',
  ])
  await vi.waitUntil(() => client.inFlight === 0)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
