// Connections in the API, with the whole server: stored, used by workflows at once, never shown.

import { createApiKey } from '@bookend/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveHttp, type TestServer as Desk } from '../outgoing/testing/servers.ts'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const SECRET = 'planted-secret-3f2a'
const NEXT_SECRET = 'planted-secret-9c1d'

const intake = `workflow: intake
on: pre-call
budget: 4s
connections: { desk: http/desk }
parameters:
  who: { type: string, default: nobody }
steps:
  look:
    use: desk.request.get
    with: { path: [me] }
    timeout: 1s
    default: { status: 0, body: { who: nobody } }
respond:
  parameters:
    who: \${{ steps.look.body.who }}
`
const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({
  connections: {
    'http/fixed': { settings: { base_url: 'https://fixed.example.com' }, auth: { kind: 'bearer', token: '${SECRET}' } },
  },
}))
`

const HOME = '01990000-0000-7000-8000-000000000000'
const OTHER = '01990000-0000-7000-8000-000000000001'
const stranger = createApiKey()

let server: TestServer
let desk: Desk
let other: Desk
let tokens: (string | undefined)[] = []
let status = 200

async function serveDesk(who: string): Promise<Desk> {
  return serveHttp((request, response) => {
    tokens.push(request.headers.authorization)
    response.statusCode = status
    response.end(JSON.stringify({ who }))
  })
}

const body = (value: unknown): string => JSON.stringify(value)

async function send(method: string, path: string, given?: unknown) {
  const answer = await server.send(path, {
    method,
    ...(given === undefined ? {} : { body: body(given) }),
  })
  const text = await answer.text()
  return { status: answer.status, text, json: text === '' ? null : JSON.parse(text) }
}

const account = (url: string, token = SECRET) => ({
  name: 'http/desk',
  settings: { base_url: url },
  auth: { kind: 'bearer', token },
})

async function askWorkflow(): Promise<unknown> {
  const { json } = await send('POST', '/workflows/intake/simulate', {
    from_number: '+15550100001',
    to_number: '+15550100900',
  })
  return json.parameters?.who ?? json
}

beforeAll(async () => {
  desk = await serveDesk('Ada')
  other = await serveDesk('Eve')
  server = await testServer({
    workflows: { '../bookend.config.ts': config },
    env: { BOOKEND_LOG_LEVEL: 'silent' },
    async prepare(database) {
      // The older one is the server's own.
      await query(
        database,
        `insert into bookend.workspaces (id, name, signing_secret, created_at)
         values ($1, 'Default', '', '2020-01-01'), ($2, 'Other', '', '2021-01-01')`,
        [HOME, OTHER],
      )
      await query(
        database,
        "insert into bookend.api_keys (workspace_id, id, label, scopes, hash) values ($1, $2, 'Stranger', '{admin}', $3)",
        [OTHER, stranger.id, Buffer.from(stranger.hash)],
      )
    },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await desk[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

describe('a connection', () => {
  test('is made with its credential, which nobody reads back (E6)', async () => {
    const made = await send('POST', '/connections', account(desk.url))
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({
      name: 'http/desk',
      connector: 'http',
      origin: 'stored',
      version: 1,
      settings: { base_url: desk.url },
      auth: { kind: 'bearer', fields: { token: '••••3f2a' } },
      status: 'ok',
      used_by: [],
    })
    const read = await send('GET', '/connections/http/desk')
    expect(read.json).toEqual(made.json)
    expect(made.text + read.text).not.toContain(SECRET)
  })

  test.each([
    [
      'a name that is taken',
      { ...account('http://127.0.0.1:1') },
      409,
      'There is a connection http/desk',
    ],
    [
      'a name of the file',
      { ...account('http://127.0.0.1:1'), name: 'http/fixed' },
      409,
      'bookend.config.ts',
    ],
    ['a connector that is not there', { name: 'nothing/main' }, 422, 'name'],
    ['a name that is none', { name: 'desk' }, 422, 'name'],
    ['settings that do not fit', { ...account('ftp://x'), name: 'http/a' }, 422, 'settings'],
    [
      'a password in a URL',
      { name: 'postgres/a', settings: { url: 'postgres://u:pw@h/d' } },
      422,
      'settings.url',
    ],
    [
      'an unknown setting',
      {
        ...account('http://127.0.0.1:1'),
        name: 'http/a',
        settings: { base_url: 'http://127.0.0.1:1', basURL: 1 },
      },
      422,
      'settings.basURL',
    ],
    [
      'a credential that does not fit',
      {
        ...account('http://127.0.0.1:1'),
        name: 'http/a',
        auth: { kind: 'bearer', token: `a\u0001${SECRET}` },
      },
      422,
      'auth.token',
    ],
    [
      'no credential where one is needed',
      { name: 'http/a', settings: { base_url: 'http://127.0.0.1:1' } },
      422,
      'auth',
    ],
  ])('is refused for %s', async (_, given, expected, at) => {
    const answer = await send('POST', '/connections', given)
    expect(answer.status).toBe(expected)
    expect(answer.text).toContain(at)
    expect(answer.text).not.toContain(SECRET)
  })

  test('of bookend.config.ts is shown, masked, and changed only there', async () => {
    const read = await send('GET', '/connections/http/fixed')
    expect(read.json).toMatchObject({ origin: 'file', auth: { fields: { token: '••••3f2a' } } })
    expect((await send('PATCH', '/connections/http/fixed', { settings: {} })).status).toBe(409)
    expect((await send('DELETE', '/connections/http/fixed')).status).toBe(409)
    const { json, text } = await send('GET', '/connections')
    expect(json.connections.map(({ name }: any) => name)).toEqual(['http/desk', 'http/fixed'])
    expect(text).not.toContain(SECRET)
  })

  test('is used by a workflow that is published after it, with the credential of the moment', async () => {
    tokens = []
    const published = await send('PUT', '/workflows/intake', { source: intake })
    expect([published.status, published.json]).toMatchObject([
      expect.any(Number),
      { name: 'intake' },
    ])
    expect(await askWorkflow()).toBe('Ada')
    const patched = await send('PATCH', '/connections/http/desk', {
      auth: { kind: 'bearer', token: NEXT_SECRET },
    })
    expect(patched.json).toMatchObject({ version: 2, auth: { fields: { token: '••••9c1d' } } })
    expect(await askWorkflow()).toBe('Ada')
    expect(tokens).toEqual([`Bearer ${SECRET}`, `Bearer ${NEXT_SECRET}`])
    const { json } = await send('GET', '/connections/http/desk')
    expect(json.used_by).toEqual([{ workflow: 'intake', kind: 'pre-call', as: 'desk' }])
  })

  test('that a workflow uses is not deleted; the answer names it', async () => {
    const refused = await send('DELETE', '/connections/http/desk')
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      'http/desk is used by intake; change them first',
    ])
  })

  test('keeps its credential on another path, and loses it to another host (A17)', async () => {
    const path = await send('PATCH', '/connections/http/desk', {
      settings: { base_url: `${desk.url}/v2` },
    })
    expect(path.json).toMatchObject({ status: 'ok', auth: { fields: { token: '••••9c1d' } } })
    tokens = []
    const moved = await send('PATCH', '/connections/http/desk', {
      settings: { base_url: other.url },
    })
    expect(moved.json).toMatchObject({
      status: 'needs_credential',
      status_code: 'credential_moved',
      auth: null,
    })
    expect(await askWorkflow()).toBe('nobody')
    const checked = await send('POST', '/connections/http/desk/check')
    expect(checked.json).toMatchObject({ ok: false, code: 'credential_moved' })
    expect(tokens).toEqual([])
    const back = await send('PATCH', '/connections/http/desk', account(desk.url, NEXT_SECRET))
    expect(back.status).toBe(422)
    const { settings, auth } = account(desk.url, NEXT_SECRET)
    await send('PATCH', '/connections/http/desk', { settings, auth })
    expect(await askWorkflow()).toBe('Ada')
  })

  test('whose row is edited to another host sends its credential to nobody (A17)', async () => {
    tokens = []
    const edit = (url: string, destination: string) =>
      query(
        server.database,
        `update bookend.connections set version = version + 1, settings = $1, destination = $2
         where name = 'http/desk'`,
        [body({ base_url: url }), destination],
      )
    const code = async () => (await send('GET', '/connections/http/desk')).json.status_code
    const readsAnew = async (expected: string): Promise<void> => {
      // Any change of the configuration has the connections read anew.
      await send('POST', '/agents', { name: 'Front' })
      await expect.poll(code).toBe(expected)
    }
    const [row] = (await query(
      server.database,
      "select destination from bookend.connections where name = 'http/desk'",
    )) as [{ destination: string }]
    await edit(other.url, row.destination)
    await readsAnew('credential_moved')
    await expect.poll(askWorkflow).toBe('nobody')
    tokens = []
    expect(await askWorkflow()).toBe('nobody')
    expect(tokens).toEqual([])
    const { settings, auth } = account(desk.url, NEXT_SECRET)
    await send('PATCH', '/connections/http/desk', { settings, auth })
    const [again] = (await query(
      server.database,
      "select destination from bookend.connections where name = 'http/desk'",
    )) as [{ destination: string }]
    await edit(other.url, again.destination.replace(desk.url, other.url))
    await readsAnew('credential_unreadable')
    await send('PATCH', '/connections/http/desk', { settings, auth })
    expect(await askWorkflow()).toBe('Ada')
    expect(tokens).toEqual([`Bearer ${NEXT_SECRET}`])
  })
})

describe('the health of a connection', () => {
  const read = async () => (await send('GET', '/connections/http/desk')).json

  test('tells of uses and failures, and marks a refused credential once until it works', async () => {
    status = 401
    await askWorkflow()
    await askWorkflow()
    await expect
      .poll(async () => (await read()).status, { timeout: 10_000 })
      .toBe('needs_attention')
    const marked = await read()
    expect(marked).toMatchObject({
      status_code: 'http_401',
      health: { last_failure: { code: 'http_401' }, failures_last_hour: 2, circuit: 'closed' },
    })
    expect(marked.health.calls_last_hour).toBeGreaterThan(3)
    status = 200
    expect(await askWorkflow()).toBe('Ada')
    await expect.poll(async () => (await read()).status, { timeout: 10_000 }).toBe('ok')
    const events = await query(
      server.database,
      "select payload from bookend.events where type = 'connection.failed'",
    )
    expect(events).toEqual([{ payload: { connection: 'http/desk', code: 'http_401' } }])
  })
})

describe('the check of a connection', () => {
  const check = async (name: string) => (await send('POST', `/connections/${name}/check`)).json
  const read = async () => (await send('GET', '/connections/http/desk')).json

  test('asks the system, and what it answers is the connection’s status', async () => {
    status = 401
    expect(await check('http/desk')).toMatchObject({ ok: false, code: 'http_401' })
    expect((await read()).status).toBe('needs_attention')
    status = 200
    const good = await check('http/desk')
    expect(good).toMatchObject({ ok: true, code: 'ok', took_ms: expect.any(Number) })
    expect((await read()).status).toBe('ok')
  })

  test('of what cannot be reached says so, and marks no credential', async () => {
    const { auth } = account('')
    const settings = { base_url: 'http://127.0.0.1:1' }
    await send('POST', '/connections', { name: 'http/away', settings, auth })
    expect(await check('http/away')).toMatchObject({ ok: false, code: 'connection_refused' })
    const { json } = await send('GET', '/connections/http/away')
    expect(json).toMatchObject({
      status: 'ok',
      health: { failures_last_hour: 1, last_failure: { code: 'connection_refused' } },
    })
    expect((await send('DELETE', '/connections/http/away')).status).toBe(204)
    expect((await send('GET', '/connections/http/away')).status).toBe(404)
  })
})

describe('the connectors', () => {
  test('are listed with what a form and a picker need', async () => {
    const { json } = await send('GET', '/connectors/http')
    expect(json).toMatchObject({
      id: 'http',
      settings: { type: 'object', required: expect.arrayContaining(['base_url']) },
    })
    const auth = JSON.stringify(json.auth)
    expect(auth).toContain('"token":{"type":"string"')
    expect(auth).toContain('"writeOnly":true')
    const actions = Object.fromEntries(json.actions.map((one: any) => [one.name, one]))
    expect(actions['request.get']).toMatchObject({ effect: 'read', idempotency: null })
    expect(actions['request.send']).toMatchObject({ effect: 'write', idempotency: { by: 'run' } })
    expect((await send('GET', '/connectors')).json.connectors.length).toBeGreaterThan(2)
    expect((await send('GET', '/connectors/nothing')).status).toBe(404)
  })
})

test('a connector that has nothing to install says so, and another workspace has none', async () => {
  const answer = await send('POST', '/connections/http/desk/install')
  expect([answer.status, answer.json.detail]).toEqual([422, 'connector has nothing to install'])
  expect((await send('POST', '/connections/http/nobody/install')).status).toBe(404)
})

describe('the audit log', () => {
  test('has every write, by whom and on what, and no value', async () => {
    const { json, text } = await send('GET', '/audit?target=http/desk')
    expect(json.audit.length).toBeGreaterThan(5)
    expect(json.audit.at(-1)).toMatchObject({
      actor: { kind: 'key', label: 'First key' },
      action: 'createConnection',
      target: 'http/desk',
      fields: ['name', 'settings', 'auth'],
      ip: '127.0.0.1',
    })
    expect(text).not.toContain('planted')
  })

  test('has a secret that was shown, and no refused or simulated request', async () => {
    const webhook = await send('POST', '/webhooks', { url: 'http://127.0.0.1:1/' })
    await send('GET', `/webhooks/${webhook.json.id}/secret`)
    const actions = (await send('GET', '/audit')).json.audit.map(({ action }: any) => action)
    expect(actions[0]).toBe('getWebhookSecret')
    expect(actions).not.toContain('simulateWorkflow')
  })

  test('has a write that was repeated under one key once', async () => {
    const headers = { 'idempotency-key': 'same' }
    const init = { method: 'POST', headers, body: body({ name: 'Once' }) }
    const once = async () => (await (await server.send('/agents', init)).json()) as { id: string }
    const [first, second] = [await once(), await once()]
    expect(first.id).toBe(second.id)
    expect((await send('GET', `/audit?target=${first.id}`)).json.audit).toHaveLength(1)
  })

  test('tells a signed-in page from a key', async () => {
    const signedIn = await server.send('/session', {
      method: 'POST',
      key: null,
      body: body({ key: server.key }),
    })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const headers = { cookie, origin: server.url }
    await server.send('/agents', {
      method: 'POST',
      key: null,
      headers,
      body: body({ name: 'By hand' }),
    })
    const [entry] = (await send('GET', '/audit?action=createAgent')).json.audit
    expect(entry.actor).toMatchObject({ kind: 'session', label: 'First key' })
  })

  test('goes on by its cursor, and is filtered', async () => {
    const first = (await send('GET', '/audit?limit=2')).json
    const second = (await send('GET', `/audit?limit=2&cursor=${first.next_cursor}`)).json
    const ids = [...first.audit, ...second.audit].map(({ id }: any) => id)
    expect(new Set(ids).size).toBe(4)
    const { json } = await send('GET', '/audit?action=createAgent')
    expect(json.audit[0]).toMatchObject({ action: 'createAgent', fields: ['name'] })
    expect(new Set(json.audit.map(({ action }: any) => action))).toEqual(new Set(['createAgent']))
  })

  test('is for admins', async () => {
    const { key } = await server.client.call('createKey', { body: { scopes: ['write'] } })
    const answer = await server.send('/audit', { key })
    expect(answer.status).toBe(403)
    const made = await server.send('/connections', {
      method: 'POST',
      key,
      body: body(account(desk.url)),
    })
    expect(made.status).toBe(403)
  })
})

describe('another workspace (C13)', () => {
  const ask = async (method: string, path: string, given?: unknown) => {
    const init = { method, key: stranger.key, body: given === undefined ? null : body(given) }
    const answer = await server.send(path, init)
    const text = await answer.text()
    return { status: answer.status, json: text === '' ? null : JSON.parse(text) }
  }

  test.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/check'],
  ])('%s%s finds no connection of the first, stored or of the file', async (method, rest) => {
    const given = method === 'PATCH' ? { settings: {} } : undefined
    const answers = await Promise.all(
      ['http/desk', 'http/fixed', 'http/never'].map(async (name) => {
        const { status: code, json } = await ask(method, `/connections/${name}${rest}`, given)
        const { request_id: _, ...problem } = json
        return { code, problem }
      }),
    )
    expect(answers[2]?.code).toBe(404)
    expect(answers[0]).toEqual(answers[2])
    expect(answers[1]).toEqual(answers[2])
  })

  test('may use the same name for its own, and sees nothing else', async () => {
    expect((await ask('GET', '/connections')).json).toEqual({ connections: [] })
    expect((await ask('GET', '/audit')).json.audit).toEqual([])
    const own = await ask('POST', '/connections', { ...account(other.url), name: 'http/desk' })
    expect([own.status, own.json.used_by]).toEqual([201, []])
    tokens = []
    expect(await askWorkflow()).toBe('Ada')
    expect((await ask('DELETE', '/connections/http/desk')).status).toBe(204)
    expect(await askWorkflow()).toBe('Ada')
  })
})

test('no planted secret is in the database in clear (E8)', async () => {
  const tables = (await query(
    server.database,
    "select table_name as name from information_schema.tables where table_schema = 'bookend'",
  )) as { name: string }[]
  expect(tables.length).toBeGreaterThan(15)
  for (const { name } of tables) {
    const found = await query(
      server.database,
      `select 1 from bookend.${name} t where t::text like '%planted-secret%'`,
    )
    expect([name, found]).toEqual([name, []])
  }
})
