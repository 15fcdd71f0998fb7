// `bookend logs|events|deliveries`: records of a server, read and followed.

import { afterEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { CALL_ID, delivery, journey } from '../testing/fixtures.ts'

let api: FakeApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

async function type(line: string, routes: FakeRoutes) {
  api = await fakeApi(routes)
  const env = { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key' }
  const io = capturedIo({ env, columns: 120 })
  const code = await main(line.split(' '), io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

const call = {
  uuid: CALL_ID,
  status: 'completed',
  from_number: '+15550100001',
  to_number: '+15550100900',
  agent_name: 'Front desk',
  started_at: '2026-01-01T00:00:00.000Z',
  ended_at: '2026-01-01T00:01:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
}
const failed = journey({
  status: 'failed',
  error: 'http_503',
  started_at: '2026-01-01T00:01:00.000Z',
  finished_at: '2026-01-01T00:03:00.000Z',
})
const dead = delivery({
  status: 'dead',
  last_status: 500,
  last_error: 'http_500',
  attempts: 10,
  created_at: '2026-01-01T00:02:00.000Z',
})
const all: FakeRoutes = {
  'GET /calls': () => ({ body: { calls: [call], next_cursor: null } }),
  'GET /runs': () => ({ body: { runs: [failed], next_cursor: null } }),
  'GET /deliveries': () => ({ body: { deliveries: [dead], next_cursor: null } }),
}

describe('bookend logs', () => {
  test('tells calls, runs and deliveries in the order of time, errors below (G1)', async () => {
    const { code, out } = await type('logs', all)
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^2026-01-01 00:01:00 {2}call {6}✓ completed .*\+15550100001 ▸/),
      expect.stringMatching(/^2026-01-01 00:02:00 {2}delivery {2}✗ given up .*500 {2}×10/),
      expect.stringMatching(/^ +↳ http_500$/),
      expect.stringMatching(/^2026-01-01 00:03:00 {2}journey {3}✗ failed .*after-visit on/),
      expect.stringMatching(/^ +↳ http_503$/),
    ])
  })

  test('is one document a line as JSON, and takes filters (G2)', async () => {
    const { out } = await type('logs --failed --only runs,calls --json', all)
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'run', at: '2026-01-01T00:03:00.000Z', record: { status: 'failed' } },
    ])
    expect(api?.requests.map(({ route }) => route)).toEqual(['GET /calls', 'GET /runs'])
  })

  test('is of one call, from its trace', async () => {
    const { out } = await type(`logs --call ${CALL_ID}`, {
      'GET /calls/{id}': () => ({ body: call }),
      'GET /calls/{id}/trace': () => ({
        body: { pre_call: null, journeys: [failed], deliveries: [], events: [] },
      }),
    })
    expect(out).toContain('after-visit')
  })

  test('refuses what it cannot read, and says that nothing happened', async () => {
    expect(await type('logs --only people', {})).toMatchObject({
      code: 1,
      err: expect.stringContaining('calls,runs,deliveries'),
    })
    const { code, out, err } = await type('logs --since 2h', all)
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: expect.stringMatching(/Nothing/) })
  })
})

describe('bookend events', () => {
  const event = {
    event_id: 'evt_1',
    event_type: 'sms.received',
    created_at: '2026-01-01T00:00:00.000Z',
    call_id: null,
  }

  test('alone lists them', async () => {
    const { out } = await type('events --type sms.received', {
      'GET /events': () => ({ body: { events: [event], next_cursor: 'more' } }),
    })
    expect(out).toMatch(/2026-01-01 00:00:00 +sms.received +evt_1/)
    expect(out).toContain('raise --limit')
  })

  test('shows what one says, and ends with 1 for one that is not there', async () => {
    const { out } = await type('events show evt_1', {
      'GET /events/evt_1': () => ({ body: { ...event, payload: { text: '5' } } }),
    })
    expect(out).toContain('"text": "5"')
    await api?.[Symbol.asyncDispose]()
    expect((await type('events show evt_2', {})).code).toBe(1)
  })

  test('sends one of your own', async () => {
    const { out } = await type('events send sms.received --set text=5 --id one', {
      'POST /events': () => ({ status: 202, body: { event_id: 'one', duplicate: false } }),
    })
    expect(out).toBe('one')
    expect(api?.requests[0]?.body).toEqual({
      event_type: 'sms.received',
      event_id: 'one',
      payload: { text: 5 },
    })
  })
})

describe('bookend deliveries', () => {
  test('alone lists them, with what went wrong', async () => {
    const { out } = await type('deliveries --status dead', all)
    expect(out).toMatch(/✗ given up +call.completed +2026-01-01 00:02:00 +10 +500/)
    expect(out).toContain('↳ http_500')
    expect((await type('deliveries --status lost', all)).err).toContain('There is no status "lost"')
  })

  test('shows the attempts of one, where time went and what was answered', async () => {
    const attempt = {
      attempt: 1,
      started_at: '2026-01-01T00:02:00.000Z',
      duration_ms: 120,
      status: 500,
      error: 'http_500',
      phases: { dns_ms: 3, connect_ms: null, wait_ms: 110 },
      response_body: 'no\u001b[31m',
    }
    const { out } = await type(`deliveries show ${dead.id}`, {
      'GET /deliveries/{id}': () => ({ body: { ...dead, attempt_log: [attempt] } }),
    })
    expect(out).toMatch(/ 1 {2}2026-01-01 00:02:00 +120 ms {2}answered 500/)
    expect(out).toContain('dns 3 ms, wait 110 ms')
    expect(out).toContain('│ no�[31m')
  })

  test('sends one again, or all to an endpoint that were given up', async () => {
    const { out } = await type(`deliveries resend ${dead.id}`, {
      'POST /deliveries/{id}/resend': () => ({ status: 202, body: dead }),
    })
    expect(out).toContain('call.completed is sent again')
    await api?.[Symbol.asyncDispose]()
    const many = await type(`deliveries resend --webhook ${dead.webhook_id}`, {
      'POST /webhooks/{id}/dead/resend': () => ({ status: 202, body: { count: 3, remaining: 0 } }),
    })
    expect(many.out).toContain('3 sent again; 0')
    expect((await type('deliveries resend', {})).err).toContain('Say which')
  })

  test('replays a time, once it is told to', async () => {
    const routes: FakeRoutes = {
      'POST /webhooks/{id}/replay': () => ({ status: 202, body: { count: 2, next_since: null } }),
    }
    const line = `deliveries replay --webhook ${dead.webhook_id} --since 2026-01-01T00:00:00Z`
    const counted = await type(line, routes)
    expect(counted.out).toBe(
      '2 events would be sent again.\nNothing is sent yet; type it again with --yes.',
    )
    expect(api?.requests[0]?.body).toMatchObject({ dry_run: true, missed_only: false })
    await api?.[Symbol.asyncDispose]()
    expect((await type(`${line} --missed --yes`, routes)).out).toBe('2 events sent again.')
    expect(api?.requests[0]?.body).toMatchObject({ dry_run: false, missed_only: true })
  })
})
