import type { IncomingMessage, ServerResponse } from 'node:http'
import { askEndpoint, type EndpointReply } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { testClient } from './testing/client.ts'
import { answer, head, serveHttp, serveRaw } from './testing/servers.ts'

const request = {
  call: {
    from_number: '+15550100001',
    to_number: '+15550100900',
    direction: 'inbound' as const,
    timestamp: '2026-03-02T15:04:05.000Z',
    id: '0b0f1c1e-53a0-4f1e-9f63-3f3f1b0a7c01',
    attestation: null,
  },
  agent: { id: '6f1c7e0a-2b7d-4c55-9a0e-0d7f4b1c2a10', name: 'Support Agent' },
}

async function ask(url: string, totalMs = 5_000, token: string | null = null) {
  await using http = testClient()
  return await askEndpoint(http, { url, token, request, totalMs })
}

const serveAsync = (
  respond: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
) => serveHttp((incoming, outgoing) => void respond(incoming, outgoing))

const failureOf = (reply: EndpointReply): string =>
  reply.kind === 'refused' ? reply.failure : 'read'

describe('asking a workflow endpoint', () => {
  test('sends the documented request with the bearer token and reads the answer', async () => {
    const seen: { method?: string; authorization?: string; body?: unknown } = {}
    await using endpoint = await serveAsync(async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      seen.method = incoming.method ?? ''
      seen.authorization = incoming.headers.authorization ?? ''
      seen.body = JSON.parse(Buffer.concat(chunks).toString())
      outgoing.setHeader('content-type', 'application/json')
      outgoing.end('{"parameters":{"customer_name":"Ada","vip":true},"first_message":"Hi Ada"}')
    })
    const reply = await ask(`${endpoint.url}/pre-call`, 5_000, 'customer-side-token')
    expect(seen).toEqual({
      method: 'POST',
      authorization: 'Bearer customer-side-token',
      body: request,
    })
    expect(reply).toMatchObject({
      kind: 'read',
      status: 200,
      parameters: { customer_name: 'Ada', vip: true },
      routing: { first_message: 'Hi Ada' },
    })
  })

  test('signs exactly the bytes it sends', async () => {
    let received = ''
    await using endpoint = await serveAsync(async (incoming, outgoing) => {
      for await (const chunk of incoming) received += String(chunk)
      outgoing.end(`{"parameters":{"seen":"${String(incoming.headers['webhook-signature'])}"}}`)
    })
    await using http = testClient()
    let signed = ''
    const sign = (body: string) => {
      signed = body
      return { 'webhook-signature': 'v1,abc' }
    }
    const url = endpoint.url
    const reply = await askEndpoint(http, { url, token: null, request, totalMs: 5_000, sign })
    expect(reply).toMatchObject({ kind: 'read', parameters: { seen: 'v1,abc' } })
    expect(received).toBe(signed)
  })

  test('is over at its deadline when the endpoint never answers (P1, A13)', async () => {
    await using endpoint = await serveRaw(() => undefined)
    expect(await ask(endpoint.url, 150)).toMatchObject({ kind: 'refused', failure: 'timeout' })
  })

  test('is over at its deadline when the endpoint drips (P1, A13)', async () => {
    const drips = new Set<NodeJS.Timeout>()
    await using endpoint = await serveRaw((socket) => {
      socket.write(head('200 OK', 'content-type: application/json', 'content-length: 5000'))
      const drip = setInterval(() => socket.write(' '), 20)
      drips.add(drip)
      socket.on('close', () => clearInterval(drip))
    })
    expect(await ask(endpoint.url, 200)).toMatchObject({ kind: 'refused', failure: 'timeout' })
    for (const drip of drips) clearInterval(drip)
  })

  test.each([
    ['redirects', answer('', '302 Found', 'location: http://127.0.0.1:1/'), 'redirected'],
    ['fails', answer('{"parameters":{}}', '500 Internal Server Error'), 'http_status'],
    ['says no', answer('{"parameters":{}}', '401 Unauthorized'), 'http_status'],
    [
      'answers with a page',
      answer('<html>ok</html>', '200 OK', 'content-type: text/html'),
      'not_json',
    ],
    [
      'answers with a list',
      answer('[]', '200 OK', 'content-type: application/json'),
      'no_parameters',
    ],
    ['sends over 64 KiB', answer(`"${'x'.repeat(70_000)}"`), 'too_large'],
  ])('goes on without it when the endpoint %s', async (_, bytes, failure) => {
    await using endpoint = await serveRaw((socket) => void socket.end(bytes))
    expect(failureOf(await ask(endpoint.url))).toBe(failure)
  })

  test('goes on without it when the endpoint closes midway', async () => {
    await using endpoint = await serveRaw((socket) => {
      socket.end(`${head('200 OK', 'content-length: 100')}{"parameters":`)
    })
    expect(failureOf(await ask(endpoint.url))).toBe('connect_failed')
  })

  test('goes on without it when nobody listens', async () => {
    const endpoint = await serveRaw(() => undefined)
    const { url } = endpoint
    await endpoint[Symbol.asyncDispose]()
    expect(failureOf(await ask(url))).toBe('connect_failed')
  })

  test('never reaches an address that is not allowed (A1)', async () => {
    await using http = testClient({ allowPrivateTargets: false })
    const url = 'https://169.254.169.254/latest/meta-data'
    const reply = await askEndpoint(http, { url, token: null, request, totalMs: 1_000 })
    expect(failureOf(reply)).toBe('blocked')
  })
})
