import type { TalkEvent } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { answer, CALL_ID } from '../testing/fixtures.ts'

const agent = { id: '018f4c1e-0000-7000-8000-0000000a6e27', name: 'Front desk' }
const other = { id: '018f4c1e-0000-7000-8000-0000000a6e28', name: 'Billing' }

const stream = (...events: readonly TalkEvent[]) => ({
  type: 'text/event-stream',
  body: events
    .map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join(''),
})
const token = (text: string): TalkEvent => ({ event: 'token', data: { text } })
const done: TalkEvent = { event: 'done', data: {} }

async function talk(
  answers: readonly ReturnType<typeof stream>[],
  { typed = [] as readonly string[], words = ['Front desk'], given = answer() } = {},
) {
  let count = 0
  const routes: FakeRoutes = {
    'GET /agents': () => ({ body: { agents: [agent, other], next_cursor: null } }),
    'POST /agents/{id}/talk': () => ({ status: 201, body: given }),
    'POST /calls/{id}/say': () => answers[count++] ?? stream(done),
    'POST /calls/{id}/complete': () => ({ status: 202, body: {} }),
  }
  await using api = await fakeApi(routes)
  let written = ''
  const io = capturedIo({
    env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' },
    write: (part) => void (written += part),
    async *readLines() {
      yield* typed
    },
  })
  const code = await main(['talk', ...words], io)
  const out = io.printed.join('\n')
  return { code, out, written, err: io.complained.join('\n'), requests: api.requests }
}

const routesOf = (requests: readonly { readonly route: string }[]) =>
  requests.map(({ route }) => route)

describe('bookend talk', () => {
  test('greets, says what is typed, writes what comes, and hangs up at the end', async () => {
    const given = answer()
    const { code, out, written, requests } = await talk(
      [stream(token('At '), token('nine.'), done)],
      {
        typed: ['When are you open?', ' '],
        words: ['front desk', '--from', '+15550100002', '--set', 'vip=true'],
        given: { ...given, agent: { ...given.agent, first_message: 'Hello Ada.' } },
      },
    )
    expect(code).toBe(0)
    expect(out).toContain('agent  Hello Ada.')
    expect(written).toBe('agent  At nine.\n')
    expect(out).toContain(`/calls/${CALL_ID}`)
    expect(requests.slice(1).map(({ route, body }) => [route, body])).toEqual([
      ['POST /agents/{id}/talk', { from_number: '+15550100002', params: { vip: true } }],
      ['POST /calls/{id}/say', { text: 'When are you open?' }],
      ['POST /calls/{id}/complete', { ended_reason: 'caller_hung_up' }],
    ])
  })

  test('ends when the agent does, and completes nothing twice', async () => {
    const end: TalkEvent = { event: 'ended', data: { kind: 'done', reason: '', target: null } }
    const { code, out, requests } = await talk([stream(token('Bye.'), end, done)], {
      typed: ['Bye', 'Still there?'],
    })
    expect(code).toBe(0)
    expect(out).toContain('The agent hangs up.')
    expect(routesOf(requests).filter((route) => route.endsWith('/say'))).toHaveLength(1)
    expect(routesOf(requests)).not.toContain('POST /calls/{id}/complete')
  })

  test('says that an answer broke off', async () => {
    const { code, err } = await talk([stream(token('We are'))], { typed: ['Hello'] })
    expect([code, err]).toEqual([1, 'The answer broke off.'])
  })

  test('has nothing to say on a call that is turned away', async () => {
    const given = { ...answer(), outcome: { type: 'reject' } as const }
    const { code, out, requests } = await talk([], { typed: ['Hello?'], given })
    expect(code).toBe(0)
    expect(out).toContain('The call is not answered.')
    expect(routesOf(requests)).toEqual(['GET /agents', 'POST /agents/{id}/talk'])
  })

  test('names the agents there are', async () => {
    const { code, err } = await talk([], { words: ['Nobody'] })
    expect(code).toBe(1)
    expect(err).toContain('There are: Front desk, Billing')
  })
})
