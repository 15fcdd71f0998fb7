import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function signIn(key = server.key): Promise<{ answer: Response; cookie: string }> {
  const answer = await server.send('/session', {
    method: 'POST',
    key: null,
    body: JSON.stringify({ key }),
  })
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  return { answer, cookie }
}

test('a key becomes a session that a script cannot read and another site cannot send (E2)', async () => {
  const { answer, cookie } = await signIn()
  expect(answer.status).toBe(201)
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-bookend=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const session = await server.send('/session', { key: null, headers: { cookie } })
  expect(await session.json()).toMatchObject({ workspace: { name: 'Default' }, scopes: ['admin'] })
})

test('a wrong key makes none', async () => {
  const { answer, cookie } = await signIn('bk_aaaaaaaaaaaa_' + 'a'.repeat(43))
  expect(answer.status).toBe(401)
  expect(cookie).toBe('')
})

test('a session’s writes come from its own page alone (E2)', async () => {
  const { cookie } = await signIn()
  const write = (origin: string | null) =>
    server.send('/agents', {
      method: 'POST',
      key: null,
      headers: { cookie, ...(origin === null ? {} : { origin }) },
      body: '{"name":"Front"}',
    })
  expect((await write(server.url)).status).toBe(201)
  const { port } = new URL(server.url)
  const near = [`http://127.0.0.1:${Number(port) + 1}`, `http://127.0.0.1.evil.example:${port}`]
  for (const origin of ['https://evil.example', ...near, 'null', '', null]) {
    const refused = await write(origin)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'bad_origin' })
  }
})

test('each sign-in has an id of its own, whatever cookie it comes with (E10)', async () => {
  const planted = `__Host-bookend=${'a'.repeat(43)}`
  const answer = await server.send('/session', {
    method: 'POST',
    key: null,
    headers: { cookie: planted },
    body: JSON.stringify({ key: server.key }),
  })
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  expect(new Set([planted, cookie, (await signIn()).cookie]).size).toBe(3)
  const look = await server.send('/session', { key: null, headers: { cookie: planted } })
  expect(look.status).toBe(401)
})

test('what a cookie says weighs nothing beside a key, and a key in the address nothing at all (E2)', async () => {
  const { cookie } = await signIn()
  const wrong = await server.send('/agents', { key: 'nonsense', headers: { cookie } })
  expect(wrong.status).toBe(401)
  const asked = await server.send(`/agents?key=${server.key}`, { key: null })
  expect(asked.status).toBe(401)
})

test('signing out ends it, and so does revoking its key (E10)', async () => {
  const { cookie } = await signIn()
  const leave = await server.send('/session', { method: 'DELETE', key: null, headers: { cookie } })
  expect(leave.status).toBe(204)
  expect((await server.send('/session', { key: null, headers: { cookie } })).status).toBe(401)

  const { key, id } = await server.client.call('createKey', { body: { scopes: ['read'] } })
  const other = await signIn(key)
  const look = () => server.send('/session', { key: null, headers: { cookie: other.cookie } })
  expect((await look()).status).toBe(200)
  await server.client.call('deleteKey', { params: { id } })
  expect((await look()).status).toBe(401)
})
