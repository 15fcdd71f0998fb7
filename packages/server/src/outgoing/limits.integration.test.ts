import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bodyOf, get, outcomeOf, post, testClient } from './testing/client.ts'
import { answer, head, serveRaw, type Talk } from './testing/servers.ts'

/** Writes for as long as the other side takes it; resolves when the connection is gone. */
function flood(socket: Socket, chunk: string): Promise<void> {
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', pour)
  const closed = closing(socket)
  pour()
  return closed
}

/** Also after a reset, which is an error before it is a close. */
const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()))

/** Repeats `piece` without end, slowly. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 10)
  socket.once('close', () => clearInterval(timer))
}

describe('an answer that is too large', () => {
  test('is cut at the cap, and its connection destroyed (A11)', async () => {
    let closed: Promise<void> = Promise.resolve()
    await using server = await serveRaw((socket) => {
      socket.write(head('200 OK', 'transfer-encoding: chunked'))
      closed = flood(socket, `400\r\n${'x'.repeat(1_024)}\r\n`)
    })
    await using client = testClient()
    const result = await client.send(get(server.url, { maxBodyBytes: 65_536 }))
    expect(result).toMatchObject({ code: 'response_too_large', sent: true, status: 200 })
    await closed
  })

  test('is not read at all if it says so itself (A11)', async () => {
    let closed: Promise<void> = Promise.resolve()
    await using server = await serveRaw((socket) => {
      closed = closing(socket)
      socket.write(head('200 OK', 'content-length: 65537'))
    })
    await using client = testClient()
    const result = await client.send(get(server.url, { maxBodyBytes: 65_536 }))
    expect(outcomeOf(result)).toBe('response_too_large, sent')
    await closed
  })

  test('is read up to the last byte allowed', async () => {
    await using server = await serveRaw((socket) => socket.write(answer('x'.repeat(65_536))))
    await using client = testClient()
    const result = await client.send(get(server.url, { maxBodyBytes: 65_536 }))
    expect(bodyOf(result)).toHaveLength(65_536)
  })

  test('may be declared for HEAD, which has no body', async () => {
    await using server = await serveRaw((socket) => {
      socket.write(head('200 OK', 'content-length: 1000000', 'content-encoding: zstd'))
    })
    await using client = testClient()
    const result = await client.send(get(server.url, { method: 'HEAD', maxBodyBytes: 10 }))
    expect(result).toMatchObject({ kind: 'answered', status: 200 })
    expect(bodyOf(result)).toBe('')
  })
})

describe('an answer that lies about its length', () => {
  test('by sending less is a lost connection (A11)', async () => {
    await using server = await serveRaw((socket) => {
      socket.end(`${head('200 OK', 'content-length: 100')}only this`)
    })
    await using client = testClient()
    const result = await client.send(get(server.url))
    expect(result).toMatchObject({ code: 'connection_reset', sent: true, status: 200 })
  })

  test('by sending more is read to its length, and the rest is nobody’s (B9)', async () => {
    await using server = await serveRaw((socket) => {
      socket.write(`${head('200 OK', 'content-length: 5')}hello and more`)
    })
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url)))).toBe('hello')
    expect(bodyOf(await client.send(get(server.url)))).toBe('hello')
    expect(server.connections).toBe(2)
  })

  test.each([
    ['two lengths', ['content-length: 5', 'content-length: 6']],
    ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked']],
    ['no number', ['content-length: five']],
    ['a negative number', ['content-length: -5']],
  ])('in its grammar is a lost connection: %s', async (_lie, headers) => {
    await using server = await serveRaw((socket) =>
      socket.end(`${head('200 OK', ...headers)}hello`),
    )
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('connection_reset, sent')
  })
})

describe('a coding that was not asked for', () => {
  const coded =
    (coding: string, body: Buffer): Talk =>
    (socket) => {
      const headers = [`content-encoding: ${coding}`, `content-length: ${body.length}`]
      socket.write(head('200 OK', ...headers))
      socket.write(body)
    }

  test('is asked not to be used (A12)', async () => {
    await using server = await serveRaw((socket) => socket.write(answer('')))
    await using client = testClient()
    await client.send(get(server.url))
    expect(server.received).toContain('accept-encoding: identity\r\n')
    expect(server.received.match(/accept-encoding/g)).toHaveLength(1)
  })

  test.each([
    ['gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
  ])('is decoded: %s (A12)', async (coding, body) => {
    await using server = await serveRaw(coded(coding, body))
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url)))).toBe('hello')
  })

  test('is no bomb (A12)', async () => {
    await using server = await serveRaw(coded('gzip', gzipSync(Buffer.alloc(20_000_000))))
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('response_too_large, sent')
  })

  test.each(['gzip, gzip', 'zstd', 'x-unknown'])('is refused: %s (A12)', async (coding) => {
    await using server = await serveRaw(coded(coding, gzipSync('hello')))
    await using client = testClient()
    const result = await client.send(get(server.url))
    expect(result).toMatchObject({ code: 'unsupported_encoding', sent: true, status: 200 })
  })

  test('is one of two headers that nest (A12)', async () => {
    await using server = await serveRaw(coded('gzip\r\ncontent-encoding: br', gzipSync('hello')))
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('unsupported_encoding, sent')
  })
})

describe('an answer that never ends', () => {
  test.each<[string, Talk]>([
    ['nothing at all', () => undefined],
    [
      'a body, byte by byte',
      (socket) => {
        socket.write(head('200 OK', 'content-length: 50000'))
        drip(socket, 'x')
      },
    ],
    [
      'headers, one by one',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        drip(socket, 'a: b\r\n')
      },
    ],
    [
      'a status line',
      (socket) => {
        socket.write('HTTP/1.1 200 ')
        drip(socket, 'O')
      },
    ],
    [
      'chunks',
      (socket) => {
        socket.write(head('200 OK', 'transfer-encoding: chunked'))
        drip(socket, '1\r\nx\r\n')
      },
    ],
    [
      'a body until the connection closes',
      (socket) => {
        socket.write(head('200 OK', 'connection: close'))
        drip(socket, 'x')
      },
    ],
  ])('is ended by the deadline: %s (A13)', async (_what, talk) => {
    await using server = await serveRaw(talk)
    await using client = testClient()
    const result = await client.send(get(server.url, { totalMs: 400 }))
    expect(outcomeOf(result)).toBe('timeout, sent')
    expect(result.phases.totalMs).toBeGreaterThanOrEqual(399)
  })

  test('is told where it stopped', async () => {
    await using hung = await serveRaw(() => undefined)
    await using dripping = await serveRaw((socket) => {
      socket.write(head('200 OK', 'content-length: 100'))
    })
    await using client = testClient()
    const waiting = await client.send(get(hung.url, { totalMs: 400 }))
    expect(waiting).toMatchObject({ status: null, phases: { receiveMs: null } })
    expect(waiting.phases.waitMs).toBeGreaterThan(0)
    const receiving = await client.send(get(dripping.url, { totalMs: 400 }))
    expect(receiving).toMatchObject({ status: 200 })
    expect(receiving.phases.receiveMs).toBeGreaterThan(0)
  })
})

describe('headers', () => {
  test.each([
    ['one that is huge', `a: ${'x'.repeat(17_000)}\r\n`],
    [
      'many small ones',
      Array.from({ length: 2_000 }, (_, index) => `name-${index}: v\r\n`).join(''),
    ],
  ])('over 16 KiB are refused: %s (A13)', async (_what, lines) => {
    await using server = await serveRaw((socket) => socket.write(`HTTP/1.1 200 OK\r\n${lines}\r\n`))
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('headers_too_large, sent')
  })

  test('without end are refused while they come (A13)', async () => {
    await using server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      void flood(socket, 'a: b\r\n'.repeat(100))
    })
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('headers_too_large, sent')
  })

  test('in a trailer count, too (A13)', async () => {
    await using server = await serveRaw((socket) => {
      socket.write(`${head('200 OK', 'transfer-encoding: chunked')}0\r\n`)
      void flood(socket, 'a: b\r\n'.repeat(100))
    })
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('headers_too_large, sent')
  })
})

describe('informational responses', () => {
  test('may come before the answer', async () => {
    await using server = await serveRaw((socket) => {
      socket.write(head('103 Early Hints', 'link: </a>').repeat(8) + answer('hello'))
    })
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url)))).toBe('hello')
  })

  test('are counted, and capped (A13)', async () => {
    await using server = await serveRaw((socket) => {
      void flood(socket, head('102 Processing'))
    })
    await using client = testClient()
    expect(outcomeOf(await client.send(get(server.url)))).toBe('headers_too_large, sent')
  })
})

describe('what is not HTTP', () => {
  test.each([
    ['an SSH banner', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/0.9', '<html>'],
    ['an upgrade', head('101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket')],
    ['folded lines', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n'],
    ['NUL in a header', 'HTTP/1.1 200 OK\r\na: \u0000\r\n\r\n'],
  ])('is a lost connection: %s', async (_what, bytes) => {
    await using server = await serveRaw((socket) => socket.end(bytes))
    await using client = testClient()
    expect(outcomeOf(await client.send(post(server.url, '{}')))).toBe('connection_reset, sent')
  })
})
