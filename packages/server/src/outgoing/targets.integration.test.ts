import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import { dial } from './connect.ts'
import { createResolve } from './resolve.ts'
import { bodyOf, get, outcomeOf, post, scriptedLookup, testClient } from './testing/client.ts'
import { answer, head, serveHttp, serveRaw } from './testing/servers.ts'

const strict = { allowPrivateTargets: false }
const ok = (): ReturnType<typeof serveRaw> => serveRaw((socket) => socket.write(answer('hello')))
const deaf = { resolved: () => undefined, connected: () => undefined, secured: () => undefined }

describe('a target that is not allowed', () => {
  test('is blocked before a socket exists, if it is a literal address (A1, A4)', async () => {
    await using server = await ok()
    await using client = testClient(strict)
    const result = await client.send(get(`https://127.0.0.1:${server.port}/`))
    expect(outcomeOf(result)).toBe('blocked, not sent')
    expect(result.phases).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null, sendMs: null })
    expect(server.connections).toBe(0)
  })

  test.each([
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '①②⑦.⓪.⓪.①',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
  ])('is blocked in any spelling (A2, A3): %s', async (host) => {
    await using server = await ok()
    await using client = testClient(strict)
    const result = await client.send(get(`https://${host}:${server.port}/`))
    expect(outcomeOf(result)).toBe('blocked, not sent')
    expect(server.connections).toBe(0)
  })

  test('is blocked in `connect` as well, where the URL rule does not reach (A4)', async () => {
    await using server = await ok()
    const allows = createAddressRule(strict)
    const guard = { allows, resolve: createResolve(() => Promise.resolve([]), allows) }
    const target = { hostname: '127.0.0.1', port: server.port, secureContext: null }
    await expect(dial(target, guard, deaf, new AbortController().signal)).rejects.toThrow('blocked')
    expect(server.connections).toBe(0)
  })

  test('is blocked if any of its addresses is private (A6)', async () => {
    await using server = await ok()
    const { lookup } = scriptedLookup({ 'two.example': [['93.184.216.34', '127.0.0.1']] })
    await using client = testClient({ ...strict, lookup })
    const result = await client.send(get(`https://two.example:${server.port}/`))
    expect(outcomeOf(result)).toBe('blocked, not sent')
    expect(server.connections).toBe(0)
  })

  test('stays blocked for metadata addresses where private ones are allowed (A1)', async () => {
    const { lookup } = scriptedLookup({ 'meta.example': [['169.254.169.254']] })
    await using client = testClient({ lookup })
    expect(outcomeOf(await client.send(get('http://meta.example/')))).toBe('blocked, not sent')
    expect(outcomeOf(await client.send(get('http://169.254.169.254/')))).toBe('blocked, not sent')
  })

  test('is our own address, by literal and by name (A8)', async () => {
    await using server = await ok()
    const { lookup } = scriptedLookup({ 'me.example': [['127.0.0.1']] })
    const ownAddresses = [{ host: '127.0.0.1', port: server.port }]
    await using client = testClient({ lookup, ownAddresses })
    expect(outcomeOf(await client.send(get(server.url)))).toBe('blocked, not sent')
    const byName = await client.send(get(`http://me.example:${server.port}/`))
    expect(outcomeOf(byName)).toBe('blocked, not sent')
    expect(server.connections).toBe(0)
  })

  test.each([
    'https://user:pw@a.example/',
    'file:///etc/passwd',
    'gopher://a.example/',
    'not a URL',
  ])('is refused when it breaks the URL rule (A8): %s', async (url) => {
    await using client = testClient()
    expect(outcomeOf(await client.send(get(url)))).toBe('invalid_url, not sent')
  })
})

describe('DNS rebinding', () => {
  test('is seen by the next connection, which asks again (A5)', async () => {
    await using server = await ok()
    const { lookup, asked } = scriptedLookup({
      'rebind.example': [['127.0.0.1'], ['169.254.169.254']],
    })
    await using client = testClient({ lookup, keepConnectionMs: 0 })
    const url = `http://rebind.example:${server.port}/`
    expect(bodyOf(await client.send(get(url)))).toBe('hello')
    expect(outcomeOf(await client.send(get(url)))).toBe('blocked, not sent')
    expect(asked).toHaveLength(2)
    expect(server.connections).toBe(1)
  })

  test('cannot change the address between check and dial (A5)', async () => {
    await using server = await ok()
    const { lookup, asked } = scriptedLookup({
      'rebind.example': [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.3']],
    })
    await using client = testClient({ lookup })
    const url = `http://rebind.example:${server.port}/`
    expect(bodyOf(await client.send(get(url)))).toBe('hello')
    expect(asked).toEqual(['rebind.example'])
  })

  test('of the open socket is noticed before the first byte (A5)', async () => {
    await using server = await ok()
    let judged = 0
    const allows = (): boolean => {
      judged += 1
      return judged === 1
    }
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    const guard = { allows, resolve: createResolve(lookup, allows) }
    const target = { hostname: 'a.example', port: server.port, secureContext: null }
    await expect(dial(target, guard, deaf, new AbortController().signal)).rejects.toThrow('blocked')
    expect(judged).toBe(2)
    expect(server.received).toBe('')
  })
})

describe('a name', () => {
  test('stays in Host, while its address is dialled (A5)', async () => {
    await using server = await ok()
    const { lookup } = scriptedLookup({ 'hooks.example.com': [['127.0.0.1']] })
    await using client = testClient({ lookup })
    await client.send(get(`http://hooks.example.com:${server.port}/a?b`))
    expect(server.received).toMatch(/^GET \/a\?b HTTP\/1\.1\r\n/)
    expect(server.received).toContain(`host: hooks.example.com:${server.port}\r\n`)
  })

  test('is dialled at its address, and nowhere else (A5)', async () => {
    await using server = await ok()
    // Loopback as well, but nothing listens there.
    const { lookup } = scriptedLookup({ 'other.example': [['127.0.0.9']] })
    await using client = testClient({ lookup })
    const url = `http://other.example:${server.port}/`
    const result = await client.send(get(url, { totalMs: 500 }))
    expect(outcomeOf(result)).toMatch(/^(connection_refused|timeout), not sent$/)
    expect(server.connections).toBe(0)
  })

  test('with an address that is down is reached at the next one', async () => {
    await using server = await ok()
    // 127.0.0.9 is loopback, but nothing listens there.
    const { lookup } = scriptedLookup({ 'two.example': [['127.0.0.9', '127.0.0.1']] })
    await using client = testClient({ lookup })
    expect(bodyOf(await client.send(get(`http://two.example:${server.port}/`)))).toBe('hello')
  })

  test('without an address is a `dns_error`, and asked again next time', async () => {
    const { lookup, asked } = scriptedLookup({})
    await using client = testClient({ lookup })
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const result = await client.send(get('http://gone.example/'))
      expect(outcomeOf(result)).toBe('dns_error, not sent')
    }
    expect(asked).toHaveLength(2)
  })

  test('whose look-up hangs is ended by the deadline', async () => {
    await using client = testClient({ lookup: () => new Promise(() => undefined) })
    const result = await client.send(get('http://slow.example/', { totalMs: 60 }))
    expect(outcomeOf(result)).toBe('timeout, not sent')
    expect(result.phases.dnsMs).toBeGreaterThan(0)
    expect(result.phases.connectMs).toBeNull()
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308, 300, 304, 399])(
    'is never followed (A7): %i',
    async (status) => {
      await using target = await ok()
      await using server = await serveRaw((socket) => {
        socket.write(head(`${status} Elsewhere`, `location: ${target.url}/`, 'content-length: 0'))
      })
      await using client = testClient()
      const headers = { authorization: 'Bearer secret' }
      const result = await client.send(post(server.url, '{}', { headers }))
      expect(result).toMatchObject({ kind: 'failed', code: 'redirect_refused', sent: true, status })
      expect(target.connections).toBe(0)
      expect(server.received.match(/secret/g)).toHaveLength(1)
    },
  )
})

test('a proxy of the environment is ignored (A9)', async () => {
  await using proxy = await serveHttp((_incoming, response) => response.end('from the proxy'))
  await using server = await ok()
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
  const before = names.map((name) => [name, process.env[name]] as const)
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url
  try {
    await using client = testClient()
    expect(bodyOf(await client.send(get(server.url)))).toBe('hello')
    expect(proxy.connections).toBe(0)
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
})

test('a failure tells its code, and nothing of what is behind it (A10)', async () => {
  await using server = await ok()
  const { port } = server
  await server[Symbol.asyncDispose]()
  await using client = testClient()
  const result = await client.send(get(`http://127.0.0.1:${port}/`))
  expect(outcomeOf(result)).toBe('connection_refused, not sent')
  expect(Object.keys(result).toSorted()).toEqual(['code', 'kind', 'phases', 'sent', 'status'])
  expect(JSON.stringify(result)).not.toContain('127.0.0.1')
})

test('a connection that does not open is ended by its own limit', async () => {
  await using client = testClient({ lookup: () => new Promise(() => undefined) })
  const result = await client.send(get('http://a.example/', { totalMs: 60_000, connectMs: 50 }))
  expect(outcomeOf(result)).toBe('timeout, not sent')
})
