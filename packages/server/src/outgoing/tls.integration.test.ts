import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '@bookend/core'
import { bodyOf, get, outcomeOf, scriptedLookup, testClient } from './testing/client.ts'
import {
  elsewhere,
  expired,
  leaf,
  leafKey,
  selfSigned,
  testAuthority,
} from './testing/certificates.ts'
import { answer, serveRaw, serveTls } from './testing/servers.ts'

const { lookup } = scriptedLookup({ 'hooks.example.com': [['127.0.0.1']] })
const talk: Parameters<typeof serveTls>[1] = (socket) => socket.write(answer('hello'))
const trusted = { ca: testAuthority }

const named = (port: number, more: Partial<HttpRequest> = trusted): HttpRequest =>
  get(`https://hooks.example.com:${port}/`, more)

describe('a TLS target', () => {
  test('is verified by name, which goes into SNI (A14)', async () => {
    let sni = ''
    const SNICallback = (name: string, done: (error: null) => void): void => {
      sni = name
      done(null)
    }
    await using server = await serveTls({ key: leafKey, cert: leaf, SNICallback }, talk)
    await using client = testClient({ lookup })
    const result = await client.send(named(server.port))
    expect(bodyOf(result)).toBe('hello')
    expect(sni).toBe('hooks.example.com')
    expect(server.received).toContain(`host: hooks.example.com:${server.port}\r\n`)
    for (const phase of ['dnsMs', 'connectMs', 'tlsMs', 'waitMs', 'receiveMs'] as const) {
      expect(result.phases[phase]).toBeGreaterThanOrEqual(0)
    }
  })

  test('is verified by address if it is one', async () => {
    await using server = await serveTls({ key: leafKey, cert: leaf }, talk)
    await using client = testClient()
    expect(bodyOf(await client.send(get(`https://127.0.0.1:${server.port}/`, trusted)))).toBe(
      'hello',
    )
  })

  test.each([
    ['self-signed', selfSigned],
    ['for another host', elsewhere],
    ['expired', expired],
  ])('with a certificate that is %s gets no byte (A14)', async (_flaw, cert) => {
    await using server = await serveTls({ key: leafKey, cert }, talk)
    await using client = testClient({ lookup })
    expect(outcomeOf(await client.send(named(server.port)))).toBe('tls_error, not sent')
    expect(server.received).toBe('')
  })

  test('is verified whatever the environment says (A14)', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      await using server = await serveTls({ key: leafKey, cert: selfSigned }, talk)
      await using client = testClient({ lookup })
      expect(outcomeOf(await client.send(named(server.port)))).toBe('tls_error, not sent')
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  test('with a private authority is trusted by that endpoint alone (A14)', async () => {
    await using server = await serveTls({ key: leafKey, cert: leaf }, talk)
    await using client = testClient({ lookup })
    expect(bodyOf(await client.send(named(server.port)))).toBe('hello')
    expect(outcomeOf(await client.send(named(server.port, {})))).toBe('tls_error, not sent')
    const other = await client.send(named(server.port, { ca: selfSigned }))
    expect(outcomeOf(other)).toBe('tls_error, not sent')
  })

  test.each([
    '',
    'not a certificate',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  ])('with an authority that is none fails closed (A14): %j', async (ca) => {
    await using server = await serveTls({ key: leafKey, cert: leaf }, talk)
    await using client = testClient({ lookup })
    expect(outcomeOf(await client.send(named(server.port, { ca })))).toBe('tls_error, not sent')
  })

  test.each(['TLSv1', 'TLSv1.1'] as const)(
    'that speaks %s only is refused (A14)',
    async (version) => {
      const old = {
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT:@SECLEVEL=0',
      } as const
      await using server = await serveTls({ key: leafKey, cert: leaf, ...old }, talk)
      await using client = testClient({ lookup })
      expect(outcomeOf(await client.send(named(server.port)))).toBe('tls_error, not sent')
    },
  )

  test('that speaks no TLS is refused (A14)', async () => {
    await using server = await serveRaw((socket) => socket.write(answer('plain')))
    await using client = testClient({ lookup })
    expect(outcomeOf(await client.send(named(server.port)))).toBe('tls_error, not sent')
  })

  test('that hangs in the handshake is ended by the deadline', async () => {
    await using server = await serveRaw(() => undefined)
    await using client = testClient({ lookup })
    const result = await client.send(named(server.port, { ...trusted, totalMs: 400 }))
    expect(outcomeOf(result)).toBe('timeout, not sent')
    expect(result.phases.tlsMs).toBeGreaterThan(0)
  })

  test('that closes in the handshake was never sent to', async () => {
    await using server = await serveRaw((socket) => socket.destroy())
    await using client = testClient({ lookup })
    expect(outcomeOf(await client.send(named(server.port)))).toBe('connection_reset, not sent')
  })
})
