import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { CALL_ID } from '../testing/fixtures.ts'

let cwd = ''
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bookend-backtest-'))
  writeFileSync(join(cwd, 'intake.pre-call.yaml'), 'workflow: intake\n')
  writeFileSync(join(cwd, 'follow-up.journey.yaml'), 'workflow: follow-up\n')
})
afterAll(() => rmSync(cwd, { recursive: true }))

async function bookend(routes: FakeRoutes, ...words: string[]) {
  await using api = await fakeApi(routes)
  const io = capturedIo({ cwd, env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' } })
  const code = await main(words, io)
  const out = io.printed.join('\n')
  return { code, out, err: io.complained.join('\n'), requests: api.requests }
}

const side = (plan: string, durationMs = 80) => ({
  status: 'answered',
  parameters: { plan },
  outcome: { type: 'continue' },
  missing: [],
  duration_ms: durationMs,
  error: null,
})
const call = (given: object = {}) => ({
  run_id: CALL_ID,
  call_id: CALL_ID,
  from_number: '+15550100001',
  started_at: '2026-03-02T15:04:05.000Z',
  version: 'a',
  budget_ms: 4_500,
  was: side('free'),
  now: side('free'),
  differs: [],
  changed: [],
  gaps: [],
  ...given,
})
const answer = (calls: readonly object[], cursor: string | null = null) => ({
  body: { workflow: 'intake', version: '0f', live: false, calls, next_cursor: cursor },
})
const ROUTE = 'POST /workflows/intake/backtest'

describe('bookend backtest', () => {
  test('counts first, then shows what differs and what is not known', async () => {
    const different = call({ now: side('pro', 5_000), differs: ['parameters'], changed: ['plan'] })
    const unsure = call({ gaps: [{ step: 'crm', reason: 'it asked with another input then' }] })
    const { code, out } = await bookend(
      { [ROUTE]: () => answer([call(), different, unsure]) },
      'backtest',
      'intake',
    )
    expect(code).toBe(0)
    expect(out).toContain('3 calls: 1 alike, 1 different, 1 not known')
    expect(out).toMatch(/now +median .*, slowest 5.000 ms, 1 beyond the budget/)
    expect(out).toContain('plan  "free" → "pro"')
    expect(out).toContain('1 × crm: it asked with another input then')
  })

  test('asks batch by batch, a draft by its text, and no more than wanted', async () => {
    let batch = 0
    const { requests, out } = await bookend(
      { [ROUTE]: () => answer(Array(25).fill(call()), (batch += 1) < 9 ? 'next' : null) },
      'backtest',
      'intake.pre-call.yaml',
      '--last',
      '30',
      '--json',
    )
    expect(requests.map(({ body }) => body)).toEqual([
      { source: 'workflow: intake\n', live: false, last: 25 },
      { source: 'workflow: intake\n', live: false, last: 5, cursor: 'next' },
    ])
    expect(JSON.parse(out)).toMatchObject({ workflow: 'intake', version: '0f' })
  })

  test('says what to do with a file of another name, and with no calls', async () => {
    expect((await bookend({}, 'backtest', 'intake.ts')).err).toContain('Name it like')
    const { out } = await bookend({ [ROUTE]: () => answer([]) }, 'backtest', 'intake')
    expect(out).toContain('bookend call')
  })
})

describe('bookend dry-run', () => {
  const told = (given: object) => ({
    body: {
      simulated: true,
      workflow: 'follow-up',
      version: '0f',
      status: 'completed',
      error: null,
      event: { type: 'call.completed', payload: {} },
      call_id: CALL_ID,
      writes: [],
      emitted: [],
      tags: [],
      calls: [],
      waits: [],
      steps: [],
      duration_ms: 3,
      ...given,
    },
  })
  const calls = {
    'GET /calls': () => ({
      body: { calls: [{ uuid: CALL_ID, ended_at: '2026-03-02T15:05:05Z' }] },
    }),
  }
  const RUN = 'POST /workflows/follow-up/dry-run'

  test('takes the newest call that has ended, and shows each write', async () => {
    const request = { method: 'PUT', url: 'https://desk.example.com/t', body: { name: 'Ada' } }
    const write = { step: 'ticket', connection: 'http/desk', action: 'request.send', input: {} }
    const waits = [{ step: 'callback', kind: 'human', about: 'Call back?' }]
    const { code, out, requests } = await bookend(
      {
        ...calls,
        [RUN]: () => told({ status: 'waiting', writes: [{ ...write, request }], waits }),
      },
      'dry-run',
      'follow-up',
      '--answer',
      'review={"ok":true}',
    )
    expect(code).toBe(0)
    expect(requests.at(-1)?.body).toEqual({
      call_id: CALL_ID,
      answers: { review: { ok: true } },
      expire_waits: false,
    })
    expect(out).toMatch(/ticket +http\/desk request.send/)
    expect(out).toContain('"url": "https://desk.example.com/t"')
    expect(out).toMatch(/callback +human {2}Call back\?/)
  })

  test('ends with 1 when the journey fails', async () => {
    const failed = { [RUN]: () => told({ status: 'failed', error: 'http_503' }) }
    const { code, out } = await bookend({ ...calls, ...failed }, 'dry-run', 'follow-up')
    expect(code).toBe(1)
    expect(out).toContain('↳ http_503')
  })

  test('takes a draft and an event, and refuses what is no JSON', async () => {
    const { requests } = await bookend(
      { [RUN]: () => told({}) },
      'dry-run',
      'follow-up.journey.yaml',
      '--event',
      '{"id":7}',
      '--expire',
    )
    expect(requests.map(({ body }) => body)).toMatchObject([
      { source: 'workflow: follow-up\n', event: { payload: { id: 7 } }, expire_waits: true },
    ])
    const { err } = await bookend({}, 'dry-run', 'follow-up', '--event', 'seven')
    expect(err).toContain('--event takes an object in JSON')
  })
})
