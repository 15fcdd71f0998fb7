import { describe, expect, test } from 'vitest'
import { main } from '../main.ts'
import { capturedIo } from '../testing/captured-io.ts'
import { fakeApi, type FakeRoutes } from '../testing/fake-api.ts'
import { answer, CALL_ID, delivery, journey, run, step, trace } from '../testing/fixtures.ts'

const accepted = { accepted: 1, duplicates: 0, event_id: null }
const ended = { event_id: 'evt_1', duplicate: false, call: answer().call }
const steps = [step({ duration_ms: 84 })]

/** A server whose work comes to light one look at a time; the last look stays. */
function serverOf(looks: readonly ReturnType<typeof trace>[], given = answer()): FakeRoutes {
  let look = 0
  return {
    'POST /calls/inbound': () => ({ status: 201, body: given }),
    'POST /calls/{id}/transcript': () => ({ status: 202, body: accepted }),
    'POST /calls/{id}/complete': () => ({ status: 202, body: ended }),
    'GET /calls/{id}/trace': () => {
      const body = looks[Math.min(look, looks.length - 1)]
      look += 1
      return { body }
    },
  }
}

async function call(routes: FakeRoutes, ...words: string[]) {
  await using api = await fakeApi(routes)
  const io = capturedIo({ env: { BOOKEND_URL: api.url, BOOKEND_API_KEY: 'bk_test' } })
  const code = await main(['call', ...words], io)
  const out = io.printed.join('\n')
  return { code, out, err: io.complained.join('\n'), requests: api.requests, url: api.url }
}

describe('bookend call', () => {
  test('asks, talks, ends the call and tells the work that follows', async () => {
    const before = trace({ pre_call: null })
    const answered = trace({ pre_call: run({ steps }) })
    const begun = journey({ status: 'running', duration_ms: null })
    const done = journey({ duration_ms: 240, steps: [step({ name: 'log-call', duration_ms: 12 })] })
    const { code, out, requests, url } = await call(
      serverOf([
        before,
        answered,
        trace({ journeys: [begun] }),
        trace({ journeys: [done], deliveries: [delivery()] }),
      ]),
      '--set',
      'vip=true',
      '--set=name=Ada',
    )
    expect(code).toBe(0)
    expect(requests[0]).toMatchObject({
      authorization: 'Bearer bk_test',
      body: {
        from_number: '+15550100001',
        to_number: '+15550100900',
        params: { vip: true, name: 'Ada' },
      },
    })
    const said = requests.filter(({ route }) => route === 'POST /calls/{id}/transcript')
    expect(said[0]?.body).toMatchObject({
      entries: [{ sequence: 1, role: 'agent', text: 'Hi Ada!' }],
    })
    expect(requests.filter(({ route }) => route.endsWith('/complete'))).toHaveLength(1)
    for (const words of [
      /patient +█.*✓ ok/,
      /Answered in 120 ms of 5.000 ms/,
      /customer_name {2}Ada/,
      /“Hi Ada!”/,
      /after-visit +▶ began/,
      /after-visit +✓ log-call +12 ms/,
      /after-visit +✓ completed +240 ms/,
      /delivery +✓ call.completed +answered 200/,
    ]) {
      expect(out).toMatch(words)
    }
    expect(out).toMatch(new RegExp(`See it: ${url}/calls/${CALL_ID}$`))
  })

  test('prints one JSON document and nothing else with --json (S1)', async () => {
    const looks = [trace({ pre_call: run({ steps }), journeys: [journey()] })]
    const { code, out, url } = await call(serverOf(looks), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      answer: { parameters: { customer_name: 'Ada' } },
      trace: { journeys: [{ status: 'completed' }] },
      settled: true,
      call_url: `${url}/calls/${CALL_ID}`,
    })
  })

  test('stops at the answer with --no-talk', async () => {
    const { out, requests } = await call(serverOf([trace()]), '--no-talk')
    expect(requests.map(({ route }) => route)).toEqual([
      'POST /calls/inbound',
      'GET /calls/{id}/trace',
    ])
    expect(out).not.toContain('After the call')
  })

  test('waits for no run when no workflow ran', async () => {
    const { pre_call } = answer()
    const skipped = answer({ pre_call: { ...pre_call, run_id: null, status: 'skipped' } })
    const { out, requests } = await call(serverOf([trace()], skipped), '--no-talk')
    expect(requests).toHaveLength(1)
    expect(out).toContain('No pre-call workflow ran; answered in 120 ms.')
  })

  test('ends with 1 when a journey failed', async () => {
    const failed = journey({ status: 'failed', error: 'step log-call: 503' })
    const { code, out } = await call(serverOf([trace({ journeys: [failed] })]))
    expect(code).toBe(1)
    expect(out).toMatch(/✗ failed.*\n +↳ step log-call: 503/)
  })

  test('leaves work that goes on to the server when time is up (F1)', async () => {
    const waiting = journey({
      status: 'waiting',
      steps: [step({ kind: 'wait', status: 'waiting' })],
    })
    const looks = [trace({ journeys: [waiting] })]
    const { code, out } = await call(serverOf(looks), '--timeout', '200ms')
    expect(code).toBe(0)
    expect(out).toContain('still going after 0.2 s; the work goes on without this command')
  })

  test('tells what the API objects to, field by field', async () => {
    const problem = {
      code: 'invalid',
      detail: 'The body is not as it must be',
      errors: [{ path: 'to_number', message: 'must not be empty' }],
    }
    const routes = { 'POST /calls/inbound': () => ({ status: 422, body: problem }) }
    const { code, err } = await call(routes)
    expect(code).toBe(1)
    expect(err).toContain('bookend: The body is not as it must be (422 invalid)')
    expect(err).toContain('to_number: must not be empty')
  })
})
