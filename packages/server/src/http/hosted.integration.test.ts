// Workflows asked by others, over HTTP: the whole server, its database, and platforms that misbehave.

import type { PreCallAnswer, Run } from '@bookend/contract'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const intake = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
let asked = 0
export default preCall('intake', {
  budget: '1s',
  parameters: z.object({ customer_name: z.string().max(60), asked: z.number().int() }),
  fallback: { customer_name: 'there', asked: 0 },
  async run({ call, step }) {
    asked += 1
    const never = () => new Promise(() => undefined)
    const name = await step('contact', () => ({ name: 'Ada', api_key: 'k-123' }))
    if (call.from_number === '+15550100002') await never()
    if (call.from_number === '+15550100003') return { parameters: { customer_name: 'Eli', asked }, transfer: 'me' }
    if (call.from_number === '+15550100004') throw new Error('the author’s fault')
    const say = call.from_number === '+15550100005' ? 'We are\\nclosed' : undefined
    return { parameters: { customer_name: name.name, asked }, say }
  },
})
`
const after = `
import { journey } from '@bookend/sdk'
export default journey('after', { on: 'call.completed', run: async () => undefined })
`

let server: TestServer
let token: string
beforeAll(async () => {
  server = await testServer({
    workflows: { 'intake.pre-call.ts': intake, 'after.journey.ts': after },
  })
  token = (await rotate()).token
})
afterAll(() => server[Symbol.asyncDispose]())

const rotate = () => server.client.call('rotateWorkflowToken', { params: { name: 'intake' } })

let lastCaller = 10
const someone = (): string => `+1555010${(lastCaller += 1).toString().padStart(4, '0')}`

const question = (from: string, rest: object = {}) => ({
  call: {
    from_number: from,
    to_number: '+15550100900',
    direction: 'inbound',
    timestamp: '2026-03-02T15:04:05Z',
    ...rest,
  },
  agent: { id: 'their-agent', name: 'Theirs' },
})

interface Asking {
  readonly name?: string
  readonly headers?: Record<string, string>
}

const ask = (body: string | object | null, { name = 'intake', headers = {} }: Asking = {}) =>
  fetch(`${server.url}/workflows/${name}/pre-call`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    ...(body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

const answerOf = async (response: Response): Promise<PreCallAnswer> => {
  expect(response.status).toBe(200)
  return (await response.json()) as PreCallAnswer
}

/** The newest run, once the recorder has brought it to the database. */
async function newestRun(): Promise<Run> {
  let found: Run | undefined
  await expect
    .poll(async () => {
      const query = { workflow: 'intake', limit: 200 }
      const { runs } = await server.client.call('listRuns', { query })
      found = runs[0] && (await server.client.call('getRun', { params: { id: runs[0].id } }))
      return runs.length
    })
    .toBe(asked)
  return found as Run
}
let asked = 0
const counted = async (response: Promise<Response>): Promise<Response> => {
  const given = await response
  if (given.status === 200) asked += 1
  return given
}

describe('whoever asks', () => {
  test.each([
    ['no token', ''],
    ['an API key', 'Bearer bk_aaaaaaaaaaaa_' + 'a'.repeat(43)],
    ['a token that was never made', `Bearer wt_${'a'.repeat(43)}`],
  ])('with %s hears 401, and nothing runs (O1)', async (_, authorization) => {
    const response = await ask(question(someone()), { headers: { authorization } })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
  })

  test('with the token of another workflow hears the same', async () => {
    expect((await ask(question(someone()), { name: 'other' })).status).toBe(401)
    expect((await ask(question(someone()), { name: "x'; drop" })).status).toBe(401)
  })

  test('with a compressed body and no token hears 401 as well', async () => {
    const headers = { authorization: '', 'content-encoding': 'gzip' }
    expect((await ask('xx', { headers })).status).toBe(401)
  })
})

describe('a question', () => {
  test('as Simple AI asks it is answered, and recorded as a run without a call', async () => {
    const from = someone()
    const answer = await answerOf(await counted(ask(question(from))))
    expect(answer).toEqual({ parameters: { customer_name: 'Ada', asked: expect.any(Number) } })
    const run = await newestRun()
    expect(run).toMatchObject({
      kind: 'pre-call',
      status: 'answered',
      call_id: null,
      agent_id: null,
      repeat_of: null,
      input: { call: { from_number: from }, agent: { name: 'Theirs' } },
      steps: [{ name: 'contact', output: { name: 'Ada', api_key: '(redacted)' } }],
    })
    const stored = await query(server.database, 'select input, output from run_steps')
    expect(JSON.stringify(stored)).toContain('Ada')
    expect(JSON.stringify(stored)).not.toContain('k-123')
  })

  test('may hold what we do not know, and lack what we can do without', async () => {
    const { call } = question(someone(), { id: 4711, attestation: 'strange', carrier: { x: 1 } })
    const { timestamp: _, direction: __, ...bare } = call
    const answer = await answerOf(await counted(ask({ call: bare, version: 7 })))
    expect(answer.parameters).toMatchObject({ customer_name: 'Ada' })
  })

  test.each([
    ['no JSON', '{"call":', 'not_json'],
    ['no body', '', 'not_json'],
    ['a list', '[]', 'invalid_request'],
    ['no numbers', '{"call":{}}', 'invalid_request'],
    ['bytes that are no text', '\u0000', 'not_json'],
    [
      'a number that cannot be stored',
      '{"call":{"from_number":"\\u0000","to_number":""}}',
      'invalid_request',
    ],
    ['70 kB', `{"pad":"${'x'.repeat(70_000)}"}`, 'too_large'],
    ['a deep nest', `{"call":${'['.repeat(30_000)}`, 'not_json'],
  ])('with %s gets the fallback, and the run says why (O2)', async (_, body, failure) => {
    const answer = await answerOf(await counted(ask(body)))
    expect(answer).toEqual({ parameters: { customer_name: 'there', asked: 0 } })
    const run = await newestRun()
    expect(run).toMatchObject({ status: 'fallback', failure, steps: [], input: null })
    expect(run.error).not.toBeNull()
  })

  test('in a compressed body, or of an odd type, is answered all the same (O2)', async () => {
    const packed = await counted(ask('xx', { headers: { 'content-encoding': 'gzip' } }))
    expect((await answerOf(packed)).parameters).toMatchObject({ customer_name: 'there' })
    const odd = { 'content-type': 'text/plain; charset=x' }
    const answer = await answerOf(await counted(ask(question(someone()), { headers: odd })))
    expect(answer.parameters).toMatchObject({ customer_name: 'Ada' })
  })

  test('whose body never ends is answered inside the budget (O2)', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const startedAtMs = performance.now()
    socket.write(
      `POST /workflows/intake/pre-call HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
        'content-type: application/json\r\nx-bookend-budget-ms: 900\r\ncontent-length: 500\r\n\r\n{"call"',
    )
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(performance.now() - startedAtMs).toBeLessThan(900)
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"customer_name":"there"/)
    socket.destroy()
    asked += 1
    expect(await newestRun()).toMatchObject({ status: 'fallback', failure: 'timeout' })
  })
})

describe('an answer', () => {
  test('leaves inside the budget that the request names (P1, P4)', async () => {
    const startedAtMs = performance.now()
    const headers = { 'x-bookend-budget-ms': '900' }
    const answer = await answerOf(await counted(ask(question('+15550100002'), { headers })))
    expect(performance.now() - startedAtMs).toBeLessThan(900)
    expect(answer.parameters).toEqual({ customer_name: 'there', asked: 0 })
    const run = await newestRun()
    expect(run).toMatchObject({ failure: 'timeout', deadline_ms: 900 })
    // A fifth is kept back, and up to half on a machine that is late.
    expect(run.budget_ms).toBeGreaterThanOrEqual(450)
    expect(run.budget_ms).toBeLessThanOrEqual(720)
  })

  test('of a workflow that throws is its fallback', async () => {
    const answer = await answerOf(await counted(ask(question('+15550100004'))))
    expect(answer.parameters).toEqual({ customer_name: 'there', asked: 0 })
    expect(await newestRun()).toMatchObject({ failure: 'workflow_failed' })
  })

  test('carries a routing field that is as it must be, cleaned, and no other (B5, B6)', async () => {
    const said = await answerOf(await counted(ask(question('+15550100005'))))
    expect(said.say).toBe('We are closed')
    const wrong = await answerOf(await counted(ask(question('+15550100003'))))
    expect(Object.keys(wrong)).toEqual(['parameters'])
    const { missing, status } = await newestRun()
    expect({ missing, status }).toMatchObject({
      status: 'partial',
      missing: [{ name: 'transfer' }],
    })
  })
})

describe('the same question again', () => {
  test('gets the same answer from memory, marked, also while the first runs (M1)', async () => {
    const from = someone()
    const [one, two] = await Promise.all([ask(question(from)), ask(question(from))])
    const three = await ask(question(from))
    asked += 3
    const answers = await Promise.all([one, two, three].map(answerOf))
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    const marks = [one, two, three].map(({ headers }) => headers.get('x-bookend-repeat'))
    expect(marks.filter((mark) => mark === '1')).toHaveLength(2)
    const last = await newestRun()
    expect(last).toMatchObject({ status: 'answered', steps: [], repeat_of: expect.any(String) })
    const original = await server.client.call('getRun', { params: { id: last.repeat_of ?? '' } })
    expect(original).toMatchObject({ repeat_of: null, steps: [{ name: 'contact' }] })
  })

  test('of another call, another agent or a hidden number is a new one (M2)', async () => {
    const from = someone()
    const first = await answerOf(await counted(ask(question(from))))
    const other = { ...question(from), agent: { id: 'another', name: 'Another' } }
    for (const body of [other, question(from, { id: '01999999-9999-7999-8999-999999999999' })]) {
      expect(await answerOf(await counted(ask(body)))).not.toEqual(first)
    }
    const hidden = await answerOf(await counted(ask(question('anonymous'))))
    expect(await answerOf(await counted(ask(question('anonymous'))))).not.toEqual(hidden)
  })

  test('is a new one once a call between the two has ended (M1)', async () => {
    const from = someone()
    const agent = await server.client.call('createAgent', { body: { name: 'Front', prompt: '' } })
    const number = await server.client.call('createNumber', { body: { number: '+15550100900' } })
    await server.client.call('assignAgent', {
      params: { id: number.id },
      body: { agent_uuid: agent.id },
    })
    const first = await answerOf(await counted(ask(question(from))))
    const body = { from_number: from, to_number: '+15550100900' }
    const { call } = await server.client.call('inboundCall', { body })
    await server.client.call('completeCall', { params: { id: call.uuid }, body: {} })
    const again = await counted(ask(question(from)))
    expect(again.headers.get('x-bookend-repeat')).toBeNull()
    expect(await answerOf(again)).not.toEqual(first)
  })
})

describe('a token', () => {
  test('is shown once and stored sealed', async () => {
    const rows = await query(server.database, "select encode(token, 'escape') from workflow_tokens")
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('that was replaced is good for a day, and the one before that no more (T2)', async () => {
    const old = token
    const made = await rotate()
    expect(Date.parse(made.previous_valid_until ?? '') - Date.now()).toBeGreaterThan(86_000_000)
    const withToken = (given: string) =>
      ask(question(someone()), { headers: { authorization: `Bearer ${given}` } })
    expect((await counted(withToken(old))).status).toBe(200)
    token = made.token
    expect((await counted(withToken(token))).status).toBe(200)
    token = (await rotate()).token
    expect((await withToken(old)).status).toBe(401)
  })

  test('is for pre-call workflows that are there', async () => {
    const path = (name: string) =>
      server.send(`/workflows/${name}/token/rotate`, { method: 'POST' })
    expect((await path('nothing')).status).toBe(404)
    expect((await path('after')).status).toBe(409)
  })
})
