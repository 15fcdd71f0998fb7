import type { HttpRequest, HttpResult } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { TokenCache } from '../rest/token-cache.ts'
import { testContext } from '../testing/context.ts'
import { requestGet, requestSend } from './actions.ts'
import { GetInput, HttpSettings, SendInput } from './schema.ts'
import type { HttpAuth } from './schema.ts'

const phases = {
  queuedMs: 0,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  receiveMs: null,
  totalMs: 0,
}

function answered(status: number, text: string): HttpResult {
  const body = new TextEncoder().encode(text)
  const rest = { headers: {}, sent: true, phases, reusedConnection: false } as const
  return { kind: 'answered', status, body, ...rest }
}

function context(result: HttpResult, auth: HttpAuth = { kind: 'none' }) {
  const sent: HttpRequest[] = []
  const ctx = testContext({
    settings: HttpSettings.parse({ base_url: 'https://api.example.com/v1/' }),
    auth,
    client: new TokenCache(),
    budgetMs: 1_500,
    http: {
      send: (request: HttpRequest) => {
        sent.push(request)
        return Promise.resolve(result)
      },
    },
  })
  return { ctx, sent }
}

describe('the http connector', () => {
  test('sends JSON below its base URL with its key, inside the budget (H1)', async () => {
    const { ctx, sent } = context(answered(201, '{"id":7}'))
    const input = SendInput.parse({ path: ['a/b', '?x'], query: { q: 'a&b' }, body: { n: 1 } })
    expect(await requestSend.run(ctx, input)).toEqual({ status: 201, body: { id: 7 } })
    expect(sent[0]?.totalMs).toBeLessThanOrEqual(1_500)
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/v1/a%2Fb/%3Fx?q=a%26b',
      headers: { 'idempotency-key': 'bk_key', 'content-type': 'application/json' },
      body: '{"n":1}',
    })
  })

  test.each([[['..']], [['.']], [['']]])('refuses the path %j (H1)', (path) => {
    expect(GetInput.safeParse({ path }).success).toBe(false)
  })

  test.each(['Host', 'authorization', 'webhook-id', 'x\r\ny'])('refuses header %j (H2)', (name) => {
    expect(GetInput.safeParse({ headers: { [name]: 'x' } }).success).toBe(false)
  })

  test('lets no step replace the key or a credential header (H2)', async () => {
    const auth = { kind: 'header', name: 'X-Api-Key', value: 'right' } as const
    const { ctx, sent } = context(answered(204, ''), auth)
    const headers = { 'x-api-KEY': 'wrong', 'Idempotency-key': 'wrong' }
    await requestSend.run(ctx, SendInput.parse({ headers }))
    expect(sent[0]?.headers).toMatchObject({ 'x-api-key': 'right', 'idempotency-key': 'bk_key' })
    expect(JSON.stringify(sent[0]?.headers)).not.toContain('wrong')
  })

  test.each([
    [{ kind: 'bearer', token: 't' } as const, 'Bearer t'],
    [{ kind: 'basic', user: 'u', password: 'p:é' } as const, 'Basic dTpwOsOp'],
  ])('signs in with %j', async (auth, value) => {
    const { ctx, sent } = context(answered(200, 'null'), auth)
    await requestGet.run(ctx, GetInput.parse({}))
    expect(sent[0]?.headers?.['authorization']).toBe(value)
  })

  test.each(['<html>', '{"__proto__":{"a":1}}', '['.repeat(17) + ']'.repeat(17)])(
    'takes a 200 with %s as maybe done (H3)',
    async (text) => {
      const { ctx } = context(answered(200, text))
      const sending = requestSend.run(ctx, SendInput.parse({}))
      await expect(sending).rejects.toMatchObject({ verdict: { kind: 'unknown' } })
      const getting = requestGet.run(ctx, GetInput.parse({}))
      await expect(getting).rejects.toMatchObject({ verdict: { kind: 'retry' } })
    },
  )

  test('throws the verdict of a refusal', async () => {
    const { ctx } = context(answered(422, '{}'))
    const sending = requestSend.run(ctx, SendInput.parse({}))
    await expect(sending).rejects.toMatchObject({ verdict: { kind: 'refused' } })
  })
})
