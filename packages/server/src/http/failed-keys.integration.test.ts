import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const wrong = `bk_aaaaaaaaaaaa_${'a'.repeat(43)}`
const signIn = (key: string) =>
  server.send('/session', { method: 'POST', key: null, body: JSON.stringify({ key }) })

test('who guesses at keys is told to wait, by whichever door, and nobody else (E5)', async () => {
  const statuses: number[] = []
  for (let nth = 0; nth < 5; nth += 1) {
    statuses.push((await server.send('/agents', { key: wrong })).status)
    statuses.push((await signIn(wrong)).status)
  }
  expect(new Set(statuses)).toEqual(new Set([401]))

  const doors = [
    () => server.send('/agents', { key: wrong }),
    () => signIn(wrong),
    () => server.send('/stream?topics=calls', { key: wrong }),
    () =>
      fetch(`${server.url}/workflows/intake/pre-call`, {
        method: 'POST',
        headers: { authorization: 'Bearer wt_guess' },
      }),
  ]
  for (const knock of doors) {
    const answer = await knock()
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(1)
    expect(await answer.json()).toMatchObject({ code: 'too_many_requests' })
  }

  // Behind a proxy all have one address: a stranger's guesses lock out nobody who has a key.
  expect((await server.send('/agents')).status).toBe(200)
  expect((await signIn(server.key)).status).toBe(201)
  // Without a key there is nothing to guess at, and a page asks so to learn that it must sign in.
  expect((await server.send('/session', { key: null })).status).toBe(401)
})
