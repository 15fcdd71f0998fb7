import { afterEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeApi, type FakeRoutes } from '../testing/fake-api.ts'

let api: FakeApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

const SECRET = 'planted-secret-3f2a'

async function type(words: readonly string[], routes: FakeRoutes) {
  api = await fakeApi({ 'GET /platform-adapters': () => ({ body: { adapters } }), ...routes })
  const env = { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key', RETELL_KEY: SECRET }
  const io = capturedIo({ env })
  const code = await main(['platforms', ...words], io)
  const { requests } = api
  return { code, requests, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

const secret = { type: 'string', writeOnly: true }
const adapters = [
  {
    platform: 'retell',
    label: 'Retell',
    options: { type: 'object', properties: { api_key: secret, budget_ms: { type: 'integer' } } },
  },
  {
    platform: 'vapi',
    label: 'Vapi',
    options: {
      type: 'object',
      properties: { verification: { oneOf: [{ type: 'object', properties: { secret } }] } },
    },
  },
]
const door = {
  url: 'https://bookend.example/x',
  last_accepted_at: null,
  last_refused_at: null,
  last_refused_why: null,
}
const platform = {
  platform: 'retell',
  name: 'main',
  version: 1,
  options: { api_key: '••••3f2a' },
  agents: { agent_7f3a: '0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa' },
  default_agent_id: null,
  analysis_wait_minutes: 10,
  budget_ms: 4_000,
  unusable: null,
  pre_call: { ...door, last_accepted_at: '2026-01-01T00:00:00.000Z' },
  events: { ...door, last_refused_at: '2026-01-01T00:00:00.000Z', last_refused_why: 'too old' },
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
}
const steps = [
  {
    title: 'Phone number: ask Bookend before the call',
    detail: 'Keep an inbound agent bound.',
    settings: { inbound_webhook_url: 'https://bookend.example/pre-call' },
    requests: [{ method: 'PATCH', url: 'https://api.example/n', status: 401, error: 'refused' }],
  },
]
const path = '/platforms/retell/main'

describe('bookend platforms', () => {
  test('list tells what came from each, and what was refused', async () => {
    const routes = { 'GET /platforms': () => ({ body: { platforms: [platform] } }) }
    const { out } = await type(['list'], routes)
    expect(out.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'retell/main',
      'ok',
      '4000 ms',
      '2026-01-01 00:00',
      'refused 2026-01-01 00:00',
    ])
  })

  test('add takes secrets from the environment, and tells what is to be set there', async () => {
    const { code, requests, out, err } = await type(
      [
        'add',
        'retell',
        '--secret-env',
        'api_key=RETELL_KEY',
        '--set',
        'budget_ms=3000',
        '--agent',
        'agent_7f3a=0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa',
        '--analysis-wait',
        '10',
      ],
      {
        'POST /platforms': () => ({ status: 201, body: platform }),
        [`GET ${path}/set-up`]: () => ({ body: { steps } }),
      },
    )
    expect(code).toBe(0)
    expect(requests.find(({ route }) => route === 'POST /platforms')?.body).toEqual({
      platform: 'retell',
      name: 'main',
      options: { budget_ms: 3_000, api_key: SECRET },
      agents: { agent_7f3a: '0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa' },
      analysis_wait_minutes: 10,
    })
    expect(out).toContain('inbound_webhook_url: https://bookend.example/pre-call')
    expect(out + err).not.toContain(SECRET)
  })

  test('add refuses a secret on the command line, also one in a group (C1)', async () => {
    const shown = await type(['add', 'retell', '--set', 'api_key=abc'], {})
    expect([shown.code, shown.err]).toEqual([1, expect.stringContaining('--secret-env api_key=')])
    const inGroup = await type(['add', 'vapi', '--set', 'verification={"secret":"abc"}'], {})
    expect(inGroup.err).toContain('--secret-env verification.secret=VARIABLE')
  })

  test('a platform that there is not is told with those that there are', async () => {
    const { code, err } = await type(['show', 'nobody'], {})
    expect([code, err]).toEqual([1, expect.stringContaining('retell')])
  })

  test('set-up does what can be done by request, and fails when that fails', async () => {
    const { code, requests, out } = await type(['set-up', 'retell', '--number-id', '+15550123'], {
      [`POST ${path}/set-up`]: () => ({ body: { steps } }),
    })
    expect(requests.at(-1)?.body).toEqual({ agent_ids: [], number_ids: ['+15550123'] })
    expect([code, out]).toEqual([
      1,
      expect.stringContaining('PATCH https://api.example/n: refused'),
    ])
  })

  test('check fails on a fault and tells its remedy', async () => {
    const findings = [
      { code: 'key', level: 'ok', detail: 'Its API takes the key' },
      { code: 'events_refused', level: 'fault', detail: 'An event was refused: too old' },
    ]
    const { code, out } = await type(['check'], {
      'GET /platforms': () => ({ body: { platforms: [platform] } }),
      [`POST ${path}/check`]: () => ({ body: { ok: false, findings } }),
    })
    expect(code).toBe(1)
    expect(out).toContain('An event was refused: too old')
  })

  test('remove disconnects it', async () => {
    const { code, out } = await type(['remove', 'retell'], {
      [`DELETE ${path}`]: () => ({ status: 204, body: '' }),
    })
    expect([code, out]).toEqual([0, 'retell/main is disconnected.'])
  })
})
