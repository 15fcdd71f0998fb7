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

async function type(line: string, routes: FakeRoutes, input = '') {
  api = await fakeApi(routes)
  const env = { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key', DESK_TOKEN: SECRET }
  const io = capturedIo({ env, readInput: () => Promise.resolve(input) })
  const code = await main(line.split(' '), io)
  const { requests } = api
  return { code, requests, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

const connection = {
  name: 'http/desk',
  connector: 'http',
  origin: 'stored',
  version: 1,
  settings: { base_url: 'https://desk.example.com' },
  auth: { kind: 'bearer', fields: { token: '••••3f2a' } },
  status: 'needs_attention',
  status_code: 'http_401',
  status_since: '2026-01-01T00:00:00.000Z',
  health: {
    last_used_at: '2026-01-01T00:00:00.000Z',
    last_success_at: null,
    last_failure: { at: '2026-01-01T00:00:00.000Z', code: 'http_401' },
    calls_last_hour: 4,
    failures_last_hour: 3,
    circuit: 'closed',
    limits: [],
  },
  used_by: [{ workflow: 'intake', kind: 'pre-call', as: 'desk' }],
  created_at: null,
  updated_at: null,
}
const good = { ok: true, code: 'ok', detail: 'The credential opens Ada', account: 'Ada' }
const checked = { ...good, warnings: ['Give it the scope "calls"'], took_ms: 12 }
const bad = { ...checked, ok: false, code: 'http_401', detail: 'refused', warnings: [] }
const path = '/connections/http/desk'

describe('bookend connections', () => {
  test('list tells how each is doing and who uses it', async () => {
    const routes = { 'GET /connections': () => ({ body: { connections: [connection] } }) }
    const { out } = await type('connections list', routes)
    expect(out.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'http/desk',
      'refused (http_401)',
      'intake',
      '2026-01-01 00:00',
      '3 of 4',
      'stored',
    ])
  })

  test('list of none says how to make one', async () => {
    const routes = { 'GET /connections': () => ({ body: { connections: [] } }) }
    expect((await type('connections list', routes)).out).toContain('connections add')
  })

  test('show has the credential masked', async () => {
    const { out } = await type('connections show http/desk', {
      [`GET ${path}`]: () => ({ body: connection }),
    })
    expect(out).toContain('credential    bearer, token ••••3f2a')
    expect(out).toContain('last hour     3 of 4 calls failed')
  })

  test('add takes a secret from the environment', async () => {
    const line =
      'connections add http/desk --set base_url=https://desk.example.com --auth kind=bearer --auth-env token=DESK_TOKEN'
    const routes = { 'POST /connections': () => ({ status: 201, body: connection }) }
    const { requests, out, err } = await type(line, routes)
    expect(requests[0]?.body).toEqual({
      name: 'http/desk',
      settings: { base_url: 'https://desk.example.com' },
      auth: { kind: 'bearer', token: SECRET },
    })
    expect(out).toBe('http/desk is connected.')
    expect(out + err).not.toContain(SECRET)
  })

  test('add takes a credential from standard input, and replaces only what is given', async () => {
    const { requests } = await type(
      'connections add http/desk --replace --auth-stdin',
      { [`PATCH ${path}`]: () => ({ body: connection }) },
      `{"kind":"bearer","token":"${SECRET}"}`,
    )
    expect(requests[0]?.body).toEqual({ auth: { kind: 'bearer', token: SECRET } })
  })

  test.each([
    ['--auth token=abc', '', 'would show a secret to everybody'],
    ['--auth-env token=NOT_SET', '', 'The variable NOT_SET is not set'],
    ['--auth-env token', '', 'names no variable'],
    ['--auth-stdin', `"${SECRET}`, 'Standard input has no JSON object'],
    ['--auth-stdin', `["${SECRET}"]`, 'Standard input has no JSON object'],
  ])('add %s is refused before anything is sent (C1)', async (words, input, why) => {
    const { code, err, requests } = await type(`connections add http/desk ${words}`, {}, input)
    expect([code, requests]).toEqual([1, []])
    expect(err).toContain(why)
    expect(err).not.toContain(SECRET)
  })

  test('check asks all, with a note for each, and fails if one does', async () => {
    const two = { connections: [connection, { ...connection, name: 'http/other' }] }
    const { code, out } = await type('connections check', {
      'GET /connections': () => ({ body: two }),
      [`POST ${path}/check`]: () => ({ body: checked }),
      'POST /connections/http/other/check': () => ({ body: bad }),
    })
    expect(code).toBe(1)
    expect(out).toBe(
      '✓ http/desk  The credential opens Ada (12 ms)\n' +
        '  ! Give it the scope "calls"\n' +
        '✗ http/other  refused (12 ms)',
    )
  })

  test('remove deletes one', async () => {
    const { out } = await type('connections remove http/desk', {
      [`DELETE ${path}`]: () => ({ body: null }),
    })
    expect(out).toBe('http/desk is deleted.')
  })

  test('a name that is none says how one looks', async () => {
    const { code, err } = await type('connections show desk', {})
    expect(code).toBe(1)
    expect(err).toContain('"desk" is not a connection; write it like http/desk')
  })
})

describe('bookend secrets', () => {
  const answer = { key_id: '0badcafe', unreadable: 0 }

  test('rotate asks until nothing is left, and makes a key only once', async () => {
    const left = [900, 400, 0]
    const { code, requests, out } = await type('secrets rotate --new-key', {
      'POST /secrets/rotate': () => ({ body: { ...answer, rotated: 500, left: left.shift() } }),
    })
    expect(code).toBe(0)
    expect(requests.map(({ body }) => body)).toEqual([
      { make_key: true },
      { make_key: false },
      { make_key: false },
    ])
    expect(out).toBe('1500 credentials are sealed with key 0badcafe.')
  })

  test('rotate gives up when it gets nowhere, and tells what it could not open', async () => {
    const stuck = await type('secrets rotate', {
      'POST /secrets/rotate': () => ({ body: { ...answer, rotated: 0, left: 3 } }),
    })
    expect([stuck.code, stuck.err]).toEqual([1, expect.stringContaining('3 credentials could not')])
    await api?.[Symbol.asyncDispose]()
    const unread = await type('secrets rotate', {
      'POST /secrets/rotate': () => ({ body: { ...answer, rotated: 0, left: 0, unreadable: 2 } }),
    })
    expect([unread.code, unread.err]).toEqual([1, expect.stringContaining('2 could not be opened')])
  })

  test('show tells the key, and what is under another', async () => {
    const { out } = await type('secrets show', {
      'GET /secrets': () => ({
        body: { ...answer, previous_key_ids: [], source: 'file', current: 4, others: 1 },
      }),
    })
    expect(out).toContain('key 0badcafe, in the data folder: 4 values')
    expect(out).toContain('older keys none that this server has: 1 values')
  })
})
