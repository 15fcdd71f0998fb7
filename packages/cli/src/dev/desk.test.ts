import { describe, expect, test } from 'vitest'
import { connect } from '../connection.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { openDesk } from './desk.ts'

/** Presses a key and waits until something is said. */
async function press(key: string, routes: FakeRoutes = {}) {
  await using api = await fakeApi(routes)
  let type: (key: string) => void = () => undefined
  let said: () => void = () => undefined
  const answered = new Promise<void>((resolve) => (said = resolve))
  const kept = capturedIo({ env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' } })
  const io = {
    ...kept,
    print: (line: string) => (kept.print(line), said()),
    complain: (line: string) => (kept.complain(line), said()),
    onKey: (listener: (key: string) => void) => {
      type = listener
      return () => undefined
    },
  }
  const { signal } = new AbortController()
  openDesk({ connection: connect({}, io), folder: '/nowhere', io, signal })
  const [keys = ''] = kept.printed.splice(0)
  const before = kept.printed.length
  type(key)
  if (key !== '?') await answered.then(() => untilSaid(kept, before))
  return { keys, out: kept.printed.join('\n'), err: kept.complained.join('\n'), url: api.url }
}

async function untilSaid(
  io: { printed: readonly string[]; complained: readonly string[] },
  before: number,
): Promise<void> {
  while (io.printed.length === before && io.complained.length === 0) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('the keys of bookend dev', () => {
  test('are said at the start', async () => {
    const { keys } = await press('d')
    expect(keys).toMatch(/c a made-up call · r the last call once more · .* · q stop$/)
  })

  test('say where the dashboard is', async () => {
    const { out, url } = await press('d')
    expect(out).toContain(url)
  })

  test('repeat no call where there is none', async () => {
    const { out } = await press('r', { 'GET /calls': () => ({ body: { calls: [] } }) })
    expect(out).toContain('There is no call yet')
  })

  test('call nobody where no number has an agent', async () => {
    const { out } = await press('c', { 'GET /numbers': () => ({ body: { numbers: [] } }) })
    expect(out).toContain('No number has an agent')
  })

  test('tell what went wrong, and go on', async () => {
    const { err } = await press('w')
    expect(err).toContain('GET /workflows')
  })

  test('are no more than these', async () => {
    expect((await press('?')).out).toBe('')
  })
})

test('without a terminal there are no keys (V2)', async () => {
  await using api = await fakeApi({})
  const io = capturedIo({ env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' } })
  const { signal } = new AbortController()
  openDesk({ connection: connect({}, io), folder: '/nowhere', io, signal })
  expect(io.printed.join('\n')).toContain(`bookend call --url ${api.url}`)
})
