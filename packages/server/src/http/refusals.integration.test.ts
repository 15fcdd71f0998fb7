// What a client may get wrong, on every route of the table: the status the contract gives, a problem
// document that names the field, never a 5xx (threats E4; contract §1).

import { Problem, problems, routeList } from '@bookend/contract'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const NOBODY = '01999999-9999-7999-8999-999999999999'
const pathOf = (path: string): string =>
  path
    .replace('{name}', 'no-such-workflow')
    .replace('{connector}/{connection}', 'http/no-such-connection')
    .replace('{platform}/{connection}', 'retell/no-such-connection')
    .replace(/\{\w+\}/, path.startsWith('/keys') ? 'a'.repeat(12) : NOBODY)
/** A name that is not there is the point of them. */
const takesNewNames = new Set(['publishWorkflow', 'checkWorkflow'])
const withBody = routeList.filter(({ body }) => body !== undefined)
const guarded = routeList.filter(({ scope }) => scope !== null)

async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/)
  const problem = Problem.parse(await answer.json())
  expect(problem.status).toBe(answer.status)
  return problem
}

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  server.send(path, { method: 'POST', body, headers })

describe('every route', () => {
  test.each(guarded.map(({ name, method, path }) => [name, method, path]))(
    '%s refuses a request without a key, and with a wrong one, alike',
    async (_, method, path) => {
      const none = await server.send(pathOf(path), { method, key: null })
      expect(none.status).toBe(401)
      expect(await problemOf(none)).toMatchObject({ code: 'unauthenticated' })
      const answers = ['bk_aaaaaaaaaaaa_' + 'a'.repeat(43), 'nonsense'].map(async (key) => {
        const answer = await server.send(pathOf(path), { method, key })
        return (await problemOf(answer)).code
      })
      // The first few are wrong keys; whoever goes on with them is told to wait.
      for (const code of await Promise.all(answers)) {
        expect(['unauthenticated', 'too_many_requests']).toContain(code)
      }
    },
  )

  test.each(withBody.map(({ name, method, path }) => [name, method, path]))(
    '%s answers a body that is not JSON with 400',
    async (_, method, path) => {
      for (const body of ['{"a":', 'null null', '{"__proto__":{"a":1}}', '']) {
        const headers = { 'content-type': 'application/json' }
        const answer = await server.send(pathOf(path), { method, body, headers })
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
        await problemOf(answer)
      }
    },
  )

  test.each(withBody.map(({ name, method, path }) => [name, method, path]))(
    '%s names an unknown field with 422, and takes no array',
    async (_, method, path) => {
      const unknown = await server.send(pathOf(path), { method, body: '{"surprise":1}' })
      expect(unknown.status).toBe(422)
      const { errors } = await problemOf(unknown)
      expect(errors?.map((issue) => issue.path)).toContain('surprise')
      const array = await server.send(pathOf(path), { method, body: '[]' })
      expect(array.status).toBe(422)
    },
  )

  test.each(
    routeList
      .filter(({ path, name }) => /\{\w+\}/.test(path) && !takesNewNames.has(name))
      .map(({ name, method, path }) => [name, method, path]),
  )(
    '%s answers an id that is none, and one that is not there, with 404',
    async (_, method, path) => {
      const bodies: Record<string, string> = {
        '/agents/{id}': '{"name":"x"}',
        '/numbers/{id}/assign_agent': `{"agent_uuid":null}`,
        '/calls/{id}/tags': '{"tags":[]}',
        '/calls/{id}/transcript': '{"entries":[{"sequence":0,"role":"user","text":""}]}',
        '/calls/{id}/complete': '{}',
        '/workflows/{name}/simulate': '{"from_number":"a","to_number":"b"}',
        '/webhooks/{endpoint_id}': '{"description":"x"}',
        '/connections/{connector}/{connection}': '{"settings":{}}',
        '/platforms/{platform}/{connection}': '{"agents":{}}',
        '/webhooks/{endpoint_id}/replay': '{"since":"2026-01-01T00:00:00Z"}',
        '/runs/{id}/steps/{name}/resolve': '{"it":"was_done"}',
        '/handoffs/{id}/answer': '{"answer":{}}',
        '/handoffs/{id}/reassign': '{"assign":null}',
        '/handoffs/{id}/snooze': '{"until":null}',
      }
      const body = method === 'GET' || method === 'DELETE' ? null : (bodies[path] ?? '{}')
      const malformed = await server.send(path.replace(/\{\w+\}/, "'; drop table calls"), {
        method,
        body,
      })
      expect(malformed.status).toBe(404)
      const absent = await server.send(pathOf(path), { method, body })
      expect(absent.status).toBe(404)
      await problemOf(absent)
    },
  )
})

describe('a body', () => {
  test('of 10 MB is 413', async () => {
    const answer = await post('/agents', JSON.stringify({ name: 'x'.repeat(10_000_000) }))
    expect(answer.status).toBe(413)
    expect(await problemOf(answer)).toMatchObject({ code: 'too_large' })
  })

  test('of another type is 415, and so is a compressed one (C7)', async () => {
    const text = await post('/agents', 'name=x', { 'content-type': 'text/plain' })
    expect(text.status).toBe(415)
    const packed = await post('/agents', '{}', { 'content-encoding': 'gzip' })
    expect(packed.status).toBe(415)
  })

  test('names each wrong field', async () => {
    const answer = await post('/agents', '{"name":"","pre_call_webhook_timeout":"5","record":1}')
    expect(answer.status).toBe(422)
    const { errors } = await problemOf(answer)
    expect(errors?.map(({ path }) => path).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'name',
      'pre_call_webhook_timeout',
      'record',
    ])
  })

  test.each([
    ['U+0000', '{"name":"a\\u0000"}'],
    ['a lone surrogate', '{"name":"\\ud800"}'],
    ['a number out of range', '{"name":"a","pre_call_webhook_timeout":1e400}'],
    [
      'deep nesting (B2)',
      `{"name":"a","default_parameters":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    ],
  ])('with %s is 422, never a fault of the database (fact 12)', async (_, body) => {
    expect((await post('/agents', body)).status).toBe(422)
  })
})

describe('an address', () => {
  test('that is none is 404, and a method that is not offered 405', async () => {
    expect(await problemOf(await server.send('/nothing'))).toMatchObject({ code: 'not_found' })
    const answer = await server.send('/agents', { method: 'PUT', body: '{}' })
    expect(answer.status).toBe(405)
    expect(await problemOf(answer)).toMatchObject({ code: 'method_not_allowed' })
  })

  test.each([
    '?limit=0',
    '?limit=201',
    '?limit=x',
    '?cursor=abc',
    '?cursor=2026-01-01%7Cx',
    '?nope=1',
  ])('with the query %s is 422', async (query) => {
    expect((await server.send(`/calls${query}`)).status).toBe(422)
  })

  test('with broken escapes is 400 or 404', async () => {
    const answer = await server.send('/agents/%E0%A4%A')
    expect([400, 404]).toContain(answer.status)
  })
})

test('bytes that are not HTTP are answered with 400 and no stack (C8)', async () => {
  const { hostname, port } = new URL(server.url)
  const said = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.end('GET / HTTP/1.1\r\nBad Header\r\n\r\n'),
    )
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
  expect(said).toMatch(/^HTTP\/1.1 400 /)
  expect(said).not.toContain('at ')
})

test('a key may do what its scopes say, and no more', async () => {
  const { key } = await server.client.call('createKey', { body: { scopes: ['calls'] } })
  const read = await server.send('/calls', { key })
  expect(read.status).toBe(403)
  expect(await problemOf(read)).toMatchObject({ code: 'forbidden' })
  const call = await server.send('/calls/inbound', {
    method: 'POST',
    key,
    body: '{"from_number":"+15550100001","to_number":"+15550100999"}',
  })
  expect(await problemOf(call)).toMatchObject({ code: 'unknown_number' })
})

test('every problem code has a status below 500, but for our own faults and a platform’s', () => {
  const ours = Object.entries(problems).filter(([, { status }]) => status >= 500)
  expect(ours.map(([code]) => code)).toEqual([
    'dial_failed',
    'internal',
    'database_away',
    'overloaded',
    'draining',
  ])
})
