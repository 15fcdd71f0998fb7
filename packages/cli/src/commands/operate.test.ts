import { afterEach, describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { journey } from '../testing/fixtures.ts'

let api: FakeApi | undefined
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
})

async function type(line: string, routes: FakeRoutes) {
  api = await fakeApi(routes)
  const io = capturedIo({ env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_key' } })
  const code = await main(line.split(' '), io)
  return { code, out: io.printed.join('\n'), err: io.complained.join('\n') }
}

const run = journey()
const { id } = run
const handoff = {
  id: '018f4c1e-0000-7000-8000-0000000000aa',
  run_id: id,
  step: 'decide',
  workflow: 'after-visit',
  call_id: null,
  from_number: null,
  title: 'Call back?',
  assign: 'team:front',
  form: {
    type: 'object',
    properties: { decision: { enum: ['call-back', 'email'] }, note: { type: 'string' } },
    required: ['decision'],
  },
  status: 'open',
  claimed_by: null,
  claimed_at: null,
  snoozed_until: null,
  answer: null,
  answered_by: null,
  answered_at: null,
  due_at: '2999-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
}

describe('bookend runs', () => {
  test('alone lists them, as before', async () => {
    const { out } = await type('runs', { 'GET /runs': () => ({ body: { runs: [run] } }) })
    expect(out).toContain('after-visit')
  })

  test.each(['cancel', 'retry'])('%s asks for that', async (verb) => {
    const { code, out } = await type(`runs ${verb} ${id}`, {
      [`POST /runs/{id}/${verb}`]: () => ({ body: run }),
    })
    expect(code).toBe(0)
    expect(out).toContain(id)
  })

  test('replay names the step and the version, and prints the new run alone', async () => {
    const { out } = await type(`runs replay ${id} --from log-call --version v7`, {
      'POST /runs/{id}/replay': () => ({ status: 201, body: run }),
    })
    expect(out).toBe(id)
    expect(api?.requests[0]?.body).toEqual({ from_step: 'log-call', version: 'v7' })
  })

  test('resolve wants to know what is true', async () => {
    const routes: FakeRoutes = {
      'POST /runs/{id}/steps/mail/resolve': () => ({ body: run }),
    }
    const unsaid = await type(`runs resolve ${id} mail`, routes)
    expect(unsaid).toMatchObject({ code: 1, err: expect.stringContaining('--was-done or') })
    await api?.[Symbol.asyncDispose]()
    const said = await type(`runs resolve ${id} mail --was-done`, routes)
    expect(said.code).toBe(0)
    expect(api?.requests[0]?.body).toEqual({ it: 'was_done' })
  })

  test('says why something is refused', async () => {
    const { code, err } = await type(`runs retry ${id}`, {
      'POST /runs/{id}/retry': () => ({
        status: 409,
        body: { code: 'state_conflict', title: 'No', detail: 'The run is completed', status: 409 },
      }),
    })
    expect(code).toBe(1)
    expect(err).toContain('The run is completed')
  })
})

describe('bookend runs retry without an id', () => {
  const counted = { matched: 3, done: 2, skipped: [{ reason: 'maybe_done', count: 1 }] }
  const routes: FakeRoutes = {
    'POST /runs/bulk': () => ({ status: 202, body: { ...counted, has_more: false } }),
  }

  test('counts, and does nothing until it is told to', async () => {
    const { out } = await type('runs retry --workflow after-visit --since 2h', routes)
    expect(out).toContain('3 runs match; 2 would go on.')
    expect(out).toContain('1 left alone: maybe done')
    expect(out).toContain('--yes')
    expect(api?.requests[0]?.body).toMatchObject({
      action: 'retry',
      filter: { workflow: 'after-visit', since: expect.stringMatching(/Z$/) },
      dry_run: true,
    })
  })

  test('does it with --yes', async () => {
    const { out } = await type('runs cancel --status waiting --limit 50 --yes', routes)
    expect(out).toContain('2 are cancelled.')
    expect(api?.requests[0]?.body).toEqual({
      action: 'cancel',
      filter: { status: 'waiting' },
      limit: 50,
      dry_run: false,
    })
  })

  test.each([
    ['runs retry', 'Say which'],
    ['runs retry --since yesterday', '--since is "yesterday"'],
    ['runs retry --workflow x --limit 0', '--limit is'],
  ])('refuses %s', async (line, words) => {
    expect(await type(line, routes)).toMatchObject({ code: 1, err: expect.stringContaining(words) })
    expect(api?.requests).toEqual([])
  })
})

describe('bookend runs pause', () => {
  test.each([
    ['runs pause after-visit --by Ben', 'POST /workflows/after-visit/pause', { by: 'Ben' }],
    ['runs pause smtp/main', 'POST /connections/smtp/main/pause', {}],
  ])('%s', async (line, route, body) => {
    const name = line.split(' ')[2]
    const { out } = await type(line, { [route]: () => ({ body: { name } }) })
    expect(out).toContain(`bookend runs resume ${name}`)
    expect(api?.requests[0]?.body).toEqual(body)
  })

  test('wants to know what', async () => {
    expect(await type('runs pause a/b/c', {})).toMatchObject({
      code: 1,
      err: expect.stringContaining('neither a journey nor a connection'),
    })
  })
})

describe('bookend handoffs', () => {
  test('prints the link to one alone', async () => {
    const { out, err } = await type(`handoffs link ${handoff.id}`, {
      'POST /handoffs/{id}/link': () => ({
        body: { url: 'https://bookend.test/h/x', assign: null, expires_at: handoff.due_at },
      }),
    })
    expect(out).toBe('https://bookend.test/h/x')
    expect(err).toContain('until 2999-01-01 00:00 UTC')
  })

  test('lists what waits, with the time left', async () => {
    const { out } = await type('handoffs', {
      'GET /handoffs': () => ({ body: { handoffs: [handoff], next_cursor: null } }),
    })
    expect(out).toContain('Call back?')
    expect(out).toContain('team:front')
    expect(out).toContain(handoff.id)
  })

  test('says that nothing waits', async () => {
    const { out } = await type('handoffs list', {
      'GET /handoffs': () => ({ body: { handoffs: [], next_cursor: null } }),
    })
    expect(out).toBe('Nothing waits for a person.')
  })

  test('shows what the form asks', async () => {
    const { out } = await type(`handoffs show ${handoff.id}`, {
      'GET /handoffs/{id}': () => ({ body: handoff }),
    })
    expect(out).toContain('decision: call-back | email')
    expect(out).toContain('note: string (may be left out)')
  })

  test('answers one, field by field', async () => {
    const { out } = await type(
      `handoffs answer ${handoff.id} --set decision=email --set note=soon --by Ben`,
      {
        'POST /handoffs/{id}/answer': () => ({
          body: { ...handoff, status: 'answered', answered_by: 'Ben' },
        }),
      },
    )
    expect(out).toContain('Answered by Ben')
    expect(api?.requests[0]?.body).toEqual({
      answer: { decision: 'email', note: 'soon' },
      by: 'Ben',
    })
  })
})
