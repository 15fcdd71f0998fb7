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

test('a key becomes a session that a script cannot read and another site cannot send', async () => {
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

test('a session’s writes come from its own page alone', async () => {
  const { cookie } = await signIn()
  const write = (origin: string | null) =>
    server.send('/agents', {
      method: 'POST',
      key: null,
      headers: { cookie, ...(origin === null ? {} : { origin }) },
      body: '{"name":"Front"}',
    })
  expect((await write(server.url)).status).toBe(201)
  for (const origin of ['https://evil.example', 'null', null]) {
    const refused = await write(origin)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'bad_origin' })
  }
})

test('signing out ends it, and so does revoking its key', async () => {
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
