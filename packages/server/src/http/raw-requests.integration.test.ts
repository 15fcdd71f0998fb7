// Requests as no client library would write them, over bare sockets (threats C3, C6, C8).
//
// Each carries a second request in its tail, which another reading of the first would let through:
// whoever answers it has been smuggled past.

import * as fc from 'fast-check'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { BOOKEND_LOG_LEVEL: 'silent' } })
})
afterAll(() => server[Symbol.asyncDispose]())

function open(): Socket {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  // A reset is one of the answers that are looked for.
  socket.on('error', () => undefined)
  return socket
}

/** All that comes back until the connection is closed. */
function say(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = open()
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('close', () => resolve(text))
    socket.end(bytes)
  })
}

const statusesOf = (said: string): readonly number[] =>
  [...said.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))

const lines = (...parts: readonly string[]): string => parts.join('\r\n')
const SMUGGLED = lines('GET /healthz HTTP/1.1', 'Host: a', '', '')
const head = (...more: readonly string[]): string =>
  lines(
    'POST /api/v1/agents HTTP/1.1',
    'Host: a',
    'Content-Type: application/json',
    `Authorization: Bearer ${server.key}`,
    ...more,
  )

describe('a request that two programs would read differently', () => {
  test.each<[string, () => string]>([
    [
      'two lengths',
      () => lines(head('Content-Length: 2', `Content-Length: ${2 + SMUGGLED.length}`), '', '{}'),
    ],
    ['a list of lengths', () => lines(head('Content-Length: 2, 2'), '', '{}')],
    [
      'a length and chunks',
      () => lines(head('Content-Length: 4', 'Transfer-Encoding: chunked'), '', '0', '', ''),
    ],
    [
      'chunks under another name',
      () => lines(head('Content-Length: 5', 'Transfer-Encoding: xchunked'), '', '0', '', ''),
    ],
    [
      'chunks before another coding',
      () => lines(head('Transfer-Encoding: chunked, identity'), '', '0', '', ''),
    ],
    ['two codings', () => lines(head('Transfer-Encoding: gzip, chunked'), '', '0', '', '')],
    [
      'a folded line',
      () => lines(head('X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 2'), '', '{}'),
    ],
    ['a space before the colon', () => lines(head('Content-Length : 2'), '', '{}')],
    ['bare line feeds', () => lines(head('X-A: b\nContent-Length: 2'), '', '{}')],
    ['a bare carriage return', () => lines(head('X-A: b\rContent-Length: 2'), '', '{}')],
    ['NUL in a header', () => lines(head('X-A: \0', 'Content-Length: 2'), '', '{}')],
    ['a length with a sign', () => lines(head('Content-Length: +2'), '', '{}')],
    ['a length in hex', () => lines(head('Content-Length: 0x2'), '', '{}')],
    [
      'a chunk of a hostile size',
      () => lines(head('Transfer-Encoding: chunked'), '', '0x2', '{}', '0', '', ''),
    ],
    [
      'a chunk that ends in a line feed',
      () => lines(head('Transfer-Encoding: chunked'), '', '2\n{}', '0', '', ''),
    ],
    [
      'a chunk of more than an integer',
      () => lines(head('Transfer-Encoding: chunked'), '', 'fffffffffffffffff', '{}', '0', '', ''),
    ],
    ['no host', () => lines('POST /api/v1/agents HTTP/1.1', 'Content-Length: 2', '', '{}')],
    ['two hosts', () => lines(head('Host: b', 'Content-Length: 2'), '', '{}')],
    ['two keys', () => lines(head('Authorization: Bearer x', 'Content-Length: 2'), '', '{}')],
    [
      'two media types',
      () => lines(head('Content-Type: text/plain', 'Content-Length: 2'), '', '{}'),
    ],
    ['a version that is none', () => lines('GET /healthz HTTP/9.9', 'Host: a', '', '')],
    ['no version', () => 'GET /healthz\r\n\r\n'],
  ])('is refused, and nothing behind it is read: %s (C3, C8)', async (_what, request) => {
    const said = await say(request() + SMUGGLED)
    expect(said).not.toContain('"status":"ok"')
    expect(said).not.toMatch(/^HTTP\/1\.1 2/m)
    const [status = 400] = statusesOf(said)
    expect(status).toBe(400)
    expect(said).not.toMatch(/\n {4}at /)
  })
})

test('no request, however broken, gets a 5xx or ends the process (C8)', async () => {
  const valid = lines(head('Content-Length: 12'), '', '{"name":"x"}')
  const bytes = Buffer.from(valid, 'latin1')
  const edit = fc.tuple(
    fc.nat(bytes.length - 1),
    fc.nat(4),
    fc.uint8Array({ minLength: 1, maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      let broken = bytes
      for (const [at, removed, inserted] of edits) {
        broken = Buffer.concat([broken.subarray(0, at), inserted, broken.subarray(at + removed)])
      }
      const statuses = statusesOf(await say(broken))
      expect(statuses.filter((status) => status >= 500)).toEqual([])
    }),
    { numRuns: 300 },
  )
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

describe('a body without an end', () => {
  test('is refused by its length, before it is read (C6)', async () => {
    const said = await say(lines(head('Content-Length: 104857600'), '', '{'))
    expect(statusesOf(said)).toEqual([413])
  })

  test('is refused by counting when it has no length (C6)', async () => {
    const socket = open()
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    let sent = 0
    let said = ''
    const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.on('data', (data: Buffer) => (said += data.toString('latin1')))
    const pour = (): void => {
      while (!socket.destroyed && said === '' && socket.write(chunk)) sent += 0x10000
    }
    socket.on('drain', pour)
    socket.write(lines(head('Transfer-Encoding: chunked'), '', ''))
    pour()
    await ended
    // The reset of what was still on its way may overtake the answer.
    expect([[], [413]]).toContainEqual(statusesOf(said))
    // Beyond the cap only what was on its way by then.
    expect(sent).toBeLessThan(16 * 1_048_576)
  })
})

test('who is slow with headers or body is closed, at ten and at fifteen seconds (C6)', async () => {
  const startedAt = performance.now()
  const slow = (bytes: string): Promise<{ text: string; afterS: number }> =>
    new Promise((resolve) => {
      const socket = open()
      let text = ''
      const drip = setInterval(() => socket.write('x'), 250)
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      socket.on('end', () => socket.end())
      socket.on('close', () => {
        clearInterval(drip)
        resolve({ text, afterS: (performance.now() - startedAt) / 1_000 })
      })
      socket.write(bytes)
    })
  const [headers, body] = await Promise.all([
    slow('GET /healthz HTTP/1.1\r\nX-Slow: '),
    slow(lines(head('Content-Length: 5000'), '', '{')),
  ])
  expect(headers.afterS).toBeLessThan(12.5)
  expect(body.afterS).toBeLessThan(17.5)
  for (const { text } of [headers, body]) expect(statusesOf(text)).toEqual([408])
})
