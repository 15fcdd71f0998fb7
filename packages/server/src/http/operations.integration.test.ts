// What anybody who reaches the server can ask it without a key (threats E16).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'
import { version } from '../version.ts'

const TOKEN = 'scraper-of-the-house'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { BOOKEND_METRICS_TOKEN: TOKEN } })
})
afterAll(() => server[Symbol.asyncDispose]())

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers })

test('figures are for who has the token, and for no API key (E16)', async () => {
  for (const headers of [{}, { authorization: `Bearer ${server.key}` }]) {
    const refused = await ask('/metrics', headers)
    expect(refused.status).toBe(401)
    expect(await refused.text()).not.toContain('bookend_')
  }
  const answer = await ask('/metrics', { authorization: `Bearer ${TOKEN}` })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('bookend_pre_call_duration_seconds')
})

test('health tells no version, host, database or key (E16)', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const answer = await ask(path)
    expect(answer.status).toBe(200)
    const told = JSON.stringify([...answer.headers]) + (await answer.text())
    const { hostname, password } = new URL(server.database.url)
    const inner = [version, process.versions.node, 'postgres', hostname, password]
    const found = inner.filter((word) => word !== '' && told.includes(word))
    expect([path, found]).toEqual([path, []])
  }
})

test('no browser guesses at an answer, or keeps one of the API (E1)', async () => {
  const api = await server.send('/agents')
  expect(api.headers.get('cache-control')).toBe('no-store')
  for (const { headers } of [api, await ask('/openapi.json'), await server.send('/nothing')]) {
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})
