import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveHttp, type TestServer as Desk } from '../outgoing/testing/servers.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'

const INTAKE = `workflow: intake
on: pre-call
budget: 1s
connections: { desk: http/desk }
parameters:
  area: { type: string, default: unknown }
  greeting: { type: string, default: Hello }
steps:
  abroad: { value: '\${{ !call.from_number.startsWith("+1") }}' }
  area: { if: "!steps.abroad", value: '\${{ call.from_number.substring(2, 5) }}' }
respond:
  route: [{ if: steps.abroad, say: We only serve this country }]
  parameters:
    area: \${{ steps.area }}
    greeting: Hello from \${{ agent.name }}
after:
  told: { if: steps.area == "310", use: desk.request.send, with: { path: [told], body: { area: "\${{ parameters.area }}" } } }
`

const AFTER = `workflow: after
on: call.completed
key: \${{ call.from_number }}
steps:
  callback:
    human:
      title: Call back \${{ call.from_number }}?
      form: { decision: { enum: [yes, no] }, note: { type: string, optional: true } }
      within: 4h
  rating:
    needs: callback
    wait_for: sms.received
    where: { from: "\${{ call.from_number }}" }
    match: int(event.stars) <= 5
    within: 1h
  done:
    if: steps.callback.status == "answered" && steps.rating.status == "received"
    emit: after.done
    with:
      decision: \${{ steps.callback.answer.decision }}
      note: \${{ steps.callback.answer.note }}
      stars: \${{ int(steps.rating.event.stars) }}
`

/** Starts on what the other one stored, and keeps what it heard where a test can read it. */
const HEARD = `workflow: heard
on: after.done
steps:
  note: { value: "\${{ now() > timestamp('2000-01-01T00:00:00Z') ? event.payload : {} }}" }
`

const CONFIG = `export default ({ env }) => ({
  connections: { 'http/desk': { settings: { base_url: env.DESK_URL }, auth: { kind: 'none' } } },
})`

let server: TestServer
let desk: Desk
const told: unknown[] = []
let answerDesk: () => void = () => undefined

beforeAll(async () => {
  desk = await serveHttp((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
    incoming.on('end', () => {
      told.push(JSON.parse(text))
      answerDesk = () => {
        outgoing.setHeader('content-type', 'application/json').end('{}')
        answerDesk = () => undefined
      }
    })
  })
  server = await testServer({
    env: { DESK_URL: desk.url },
    workflows: {
      '../bookend.config.ts': CONFIG,
      'intake.pre-call.yaml': INTAKE,
      'after.journey.yaml': AFTER,
      'heard.journey.yaml': HEARD,
    },
  })
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'You help callers from {{area}}',
      pre_call_webhook_url: 'workflow:intake',
      pre_call_webhook_timeout: 2,
      pre_call_webhook_enabled: true,
    },
  })
  const number = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', {
    params: { id: number.id },
    body: { agent_uuid: agent.id },
  })
})
afterAll(async () => {
  answerDesk()
  await server[Symbol.asyncDispose]()
  await desk[Symbol.asyncDispose]()
})

const call = (from: string) =>
  server.client.call('inboundCall', { body: { from_number: from, to_number: NUMBER } })

describe('a server with workflows in YAML', () => {
  test('lists them by their form', async () => {
    const { workflows } = await server.client.call('listWorkflows', {})
    expect(workflows).toMatchObject([
      { name: 'after', form: 'yaml', kind: 'journey', on: 'call.completed' },
      { name: 'heard', form: 'yaml', kind: 'journey', on: 'after.done' },
      { name: 'intake', form: 'yaml', kind: 'pre-call', budget_ms: 1_000 },
    ])
  })

  test('shows the text of one', async () => {
    const shown = await server.client.call('getWorkflow', { params: { name: 'intake' } })
    expect(shown.source).toBe(INTAKE)
    const { workflows } = await server.client.call('listWorkflows', {})
    expect(workflows.map(({ source }) => source)).toEqual([undefined, undefined, undefined])
  })

  test('answers a call with them', async () => {
    const { parameters, agent, outcome, pre_call } = await call('+12065550100')
    expect(parameters).toEqual({ area: '206', greeting: 'Hello from Front' })
    expect(agent.prompt).toBe('You help callers from 206')
    expect([outcome.type, pre_call.status]).toEqual(['continue', 'answered'])
  })

  test('does what comes after the answer without the caller, and keeps it with the run (T1)', async () => {
    const { call: answered, pre_call } = await call('+13105550100')
    await expect.poll(() => told, { timeout: 10_000 }).toEqual([{ area: '310' }])
    answerDesk()
    const run = async () =>
      await server.client.call('getRun', { params: { id: pre_call.run_id ?? '' } })
    await expect
      .poll(async () => (await run()).steps.map(({ name }) => name), { timeout: 10_000 })
      .toEqual(['told'])
    const { steps, status, duration_ms: durationMs } = await run()
    expect(steps[0]).toMatchObject({ after_answer: true, status: 'ok', action: 'request.send' })
    expect(steps[0]?.start_ms).toBeGreaterThanOrEqual(durationMs ?? Infinity)
    expect([status, answered.status]).toEqual(['answered', 'in_progress'])
  })

  test('routes by them, and what was skipped falls back alone', async () => {
    const { parameters, outcome, pre_call } = await call('+4915550100')
    expect(parameters).toEqual({ area: 'unknown', greeting: 'Hello from Front' })
    expect(outcome).toEqual({ type: 'say', text: 'We only serve this country' })
    expect(pre_call.missing).toMatchObject([{ name: 'area', reason: 'skipped', step: 'area' }])
  })

  test('goes on after the call: a person, an event, and another journey', async () => {
    const { call: ended } = await call('+12065550101')
    await server.client.call('completeCall', { params: { id: ended.uuid }, body: {} })
    const open = async () => (await server.client.call('listHandoffs', { query: {} })).handoffs
    await expect.poll(async () => (await open()).length, { timeout: 15_000 }).toBe(1)
    const [handoff] = await open()
    expect(handoff?.title).toBe('Call back +12065550101?')
    await server.client.call('answerHandoff', {
      params: { id: handoff?.id ?? '' },
      body: { answer: { decision: 'yes' } },
    })
    const runs = async (workflow: string) =>
      (await server.client.call('listRuns', { query: { workflow } })).runs
    await expect
      .poll(async () => (await runs('after'))[0]?.status, { timeout: 15_000 })
      .toBe('waiting')
    for (const [index, payload] of [
      { from: '+12065550199', stars: '1' },
      { from: '+12065550101', stars: '9' },
      { from: '+12065550101', stars: '4' },
    ].entries()) {
      await server.client.call('createEvent', {
        body: { event_type: 'sms.received', event_id: `sms-${index}`, payload },
      })
    }
    await expect
      .poll(async () => (await runs('heard'))[0]?.status, { timeout: 20_000 })
      .toBe('completed')
    const [heard] = await runs('heard')
    const run = await server.client.call('getRun', { params: { id: heard?.id ?? '' } })
    expect(run.steps.find(({ name }) => name === 'note')?.output).toEqual({
      decision: 'yes',
      note: null,
      stars: 4,
    })
    expect((await runs('after'))[0]).toMatchObject({ status: 'completed' })
  })
})
