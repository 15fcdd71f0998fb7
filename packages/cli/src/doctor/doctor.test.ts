import { describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { judgeClock } from './server.ts'
import { checkNode, judgeRoom } from './this-machine.ts'

const well: FakeRoutes = {
  'GET /healthz': () => ({ body: { status: 'ok' } }),
  'GET /readyz': () => ({
    body: { status: 'ready', database: true, engine: true, accepting: true },
  }),
  'GET /session': () => ({ body: { workspace: { name: 'Default' }, scopes: ['admin'] } }),
  'GET /secrets': () => ({ body: { key_id: 'k1', source: 'file', current: 2, others: 0 } }),
  'GET /connections': () => ({
    body: { connections: [{ name: 'http/desk', status: 'ok', status_code: null }] },
  }),
  'POST /connections/http/desk/check': () => ({ body: { ok: true, detail: 'took it' } }),
  'GET /platforms': () => ({ body: { platforms: [{ platform: 'retell', name: 'main' }] } }),
  'POST /platforms/retell/main/check': () => ({ body: { ok: true, findings: [] } }),
}

async function doctor(routes: FakeRoutes, env: Record<string, string> = {}) {
  await using api = await fakeApi(routes)
  const own = { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key', DATABASE_URL: 'postgres://x' }
  const io = capturedIo({ cwd: '/', env: { ...own, ...env } })
  const code = await main(['doctor', '--json'], io)
  const findings = JSON.parse(io.printed.join('')) as {
    name: string
    state: string
    said: string
  }[]
  return { code, states: Object.fromEntries(findings.map(({ name, state }) => [name, state])) }
}

describe('bookend doctor', () => {
  test('looks at the machine, the server, its parts and what it is connected to', async () => {
    const { code, states } = await doctor(well)
    expect(code).toBe(0)
    expect(states).toMatchObject({
      node: 'ok',
      postgres: 'ok',
      disk: expect.any(String),
      server: 'ok',
      clock: 'ok',
      database: 'ok',
      engine: 'ok',
      accepting: 'ok',
      reach: 'note',
      key: 'ok',
      'secret key': 'ok',
      'http/desk': 'ok',
      'retell/main': 'ok',
    })
  })

  test('ends with 1 for one part that does not work, and names it', async () => {
    const { code, states } = await doctor({
      ...well,
      'GET /readyz': () => ({
        status: 503,
        body: { status: 'not_ready', database: true, engine: false, accepting: true },
      }),
      'POST /platforms/retell/main/check': () => ({
        body: { ok: false, findings: [{ code: 'x', level: 'fault', detail: 'no hook' }] },
      }),
    })
    expect(code).toBe(1)
    expect(states).toMatchObject({ database: 'ok', engine: 'bad', 'retell/main': 'bad' })
  })

  test('tells that old credentials are sealed with another key, and that the world gets through', async () => {
    await using world = await fakeApi({ 'GET /healthz': () => ({ body: {} }) })
    const { states } = await doctor(
      {
        ...well,
        'GET /secrets': () => ({ body: { key_id: 'k2', source: 'file', current: 2, others: 3 } }),
      },
      { BOOKEND_PUBLIC_URL: world.url },
    )
    expect(states).toMatchObject({ 'secret key': 'note', reach: 'ok' })
  })

  test('leaves out what a key may not see', async () => {
    const body = { code: 'forbidden', title: 'No', detail: 'No', status: 403 }
    const { code, states } = await doctor({
      ...well,
      'GET /secrets': () => ({ status: 403, body }),
    })
    expect(code).toBe(0)
    expect(states).not.toHaveProperty('secret key')
  })

  test('ends with 1 where there is no server, and has looked at the machine', async () => {
    const io = capturedIo({ cwd: '/', env: { BOOKEND_URL: 'http://127.0.0.1:1' } })
    expect(await main(['doctor'], io)).toBe(1)
    expect(io.printed.join('\n')).toMatch(/✓ node[^]*disk[^]*✗ server/)
  })
})

test('a clock that is off by more than a second or two is told, and by minutes is bad', () => {
  const now = new Date('2026-03-02T15:00:00.900Z')
  const at = (seconds: number) => new Date(Date.parse('2026-03-02T15:00:00Z') + seconds * 1_000)
  expect([0, -30, 600].map((seconds) => judgeClock(at(seconds), now).state)).toEqual([
    'ok',
    'note',
    'bad',
  ])
  expect(judgeClock(at(-30), now).said).toContain('30 s behind')
})

test('an old Node and a full disk are bad', () => {
  expect(checkNode('18.20.0')).toMatchObject({
    state: 'bad',
    said: expect.stringContaining('20.19'),
  })
  expect([10e9, 1e9, 1e8].map((bytes) => judgeRoom(bytes, '/').state)).toEqual([
    'ok',
    'note',
    'bad',
  ])
})
