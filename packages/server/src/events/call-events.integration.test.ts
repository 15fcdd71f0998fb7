import type { Call } from '@bookend/contract'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/server.ts'
import { query } from '../testing/query.ts'

const NUMBER = '+15550100900'

const after = `
import { journey } from '@bookend/sdk'
export default journey('after', {
  on: 'call.completed',
  if: ({ call }) => call.from_number !== '+15550100009',
  async run({ call, step, sleep }) {
    const words = await step('words', () => call.transcripts.map(({ text }) => text).join(' '))
    await sleep('breath', '50ms')
    return await step('length', () => words.length)
  },
})
`

let server: TestServer
let subscriber: Server
let secret: string
const heard: { type: string; id: string }[] = []

beforeAll(async () => {
  server = await testServer({ workflows: { 'after.journey.ts': after } })
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const number = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', {
    params: { id: number.id },
    body: { agent_uuid: agent.id },
  })
  subscriber = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      const event = new Webhook(secret).verify(text, headers) as {
        event_type: string
        event_id: string
      }
      heard.push({ type: event.event_type, id: event.event_id })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/events`
  const { id } = await server.client.call('createWebhook', { body: { url } })
  const shown = await server.client.call('getWebhookSecret', { params: { endpoint_id: id } })
  secret = shown.secret
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  subscriber.closeAllConnections()
  subscriber.close()
})
beforeEach(() => void heard.splice(0))

async function begin(from = '+15550100001'): Promise<string> {
  const { call } = await server.client.call('inboundCall', {
    body: { from_number: from, to_number: NUMBER },
  })
  return call.uuid
}

const entry = (sequence: number, text = `line ${sequence}`, final = true) =>
  ({ sequence, role: sequence % 2 === 0 ? 'agent' : 'user', text, final }) as const

const append = (id: string, entries: ReturnType<typeof entry>[]) =>
  server.client.call('appendTranscript', { params: { id }, body: { entries } })
const complete = (id: string, body: object = {}) =>
  server.client.call('completeCall', { params: { id }, body })
const read = (id: string): Promise<Call> => server.client.call('getCall', { params: { id } })
const journeysOf = async (id: string) =>
  (await server.client.call('getCallTrace', { params: { id } })).journeys

describe('a transcript', () => {
  test('is stored once, in its order, however it comes (F22)', async () => {
    const id = await begin()
    await append(id, [entry(2), entry(0)])
    await append(id, [entry(1), entry(2)])
    const repeated = await append(id, [entry(1), entry(2)])
    expect(repeated).toEqual({ accepted: 0, duplicates: 2, event_id: null })
    expect((await read(id)).transcripts.map(({ text }) => text)).toEqual([
      'line 0',
      'line 1',
      'line 2',
    ])
  })

  test('takes the final text over the interim one, and never back', async () => {
    const id = await begin()
    await append(id, [entry(0, 'Hel', false)])
    await append(id, [entry(0, 'Hello')])
    await append(id, [entry(0, 'Hell', false)])
    expect((await read(id)).transcripts.map(({ text }) => text)).toEqual(['Hello'])
  })

  test('written by many at once is whole', async () => {
    const id = await begin()
    await Promise.all(
      Array.from({ length: 16 }, (_, at) => append(id, [entry(at), entry((at + 1) % 16)])),
    )
    const { transcripts } = await read(id)
    expect(transcripts.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 16 }, (_, at) => at),
    )
  })

  test('that comes after the end is stored, and starts nothing twice (F22, J6)', async () => {
    const id = await begin()
    await complete(id)
    await append(id, [entry(0, 'too late')])
    const call = await read(id)
    expect(call.status).toBe('completed')
    expect(call.transcripts).toHaveLength(1)
    expect(await journeysOf(id)).toHaveLength(1)
  })
})

describe('the end of a call', () => {
  test('reported five times at once is one event and one run (J2, F21)', async () => {
    const id = await begin()
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(id)))
    expect(new Set(answers.map(({ event_id }) => event_id)).size).toBe(1)
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    await expect
      .poll(async () => (await journeysOf(id)).map(({ status }) => status), { timeout: 10_000 })
      .toEqual(['completed'])
  })

  test('keeps what the first report said', async () => {
    const id = await begin()
    await complete(id, { ended_reason: 'caller_hung_up', summary: 'All well' })
    const again = await complete(id, { ended_reason: 'other', answered_by: 'voicemail' })
    expect(again.call).toMatchObject({ ended_reason: 'caller_hung_up', answered_by: 'human' })
  })

  test('in another century is clamped and flagged (C14)', async () => {
    const id = await begin()
    const { call } = await complete(id, { ended_at: '1970-01-01T00:00:00Z' })
    expect(call).toMatchObject({ duration: 0, flags: expect.arrayContaining(['ended_at_clamped']) })
  })
})

test('a journey runs with the call and its transcript, each step recorded', async () => {
  const id = await begin()
  await append(id, [entry(0, 'Hello'), entry(1, 'Bye')])
  await complete(id)
  await expect
    .poll(async () => (await journeysOf(id)).map(({ status }) => status), { timeout: 10_000 })
    .toEqual(['completed'])
  const [run] = await journeysOf(id)
  expect(
    run?.steps.map(({ name, kind, status, output }) => ({ name, kind, status, output })),
  ).toEqual([
    { name: 'words', kind: 'step', status: 'ok', output: 'Hello Bye' },
    { name: 'breath', kind: 'sleep', status: 'ok', output: null },
    { name: 'length', kind: 'step', status: 'ok', output: 9 },
  ])
})

test('a journey whose condition says no does not run', async () => {
  const id = await begin('+15550100009')
  await complete(id)
  expect((await journeysOf(id)).filter(({ status }) => status !== 'suppressed')).toEqual([])
})

test('a subscriber hears of each event once, signed', async () => {
  const id = await begin()
  await append(id, [entry(0)])
  await complete(id)
  const { events } = await server.client.call('getCallTrace', { params: { id } })
  const types = ['call.started', 'call.transcript_update', 'call.completed']
  expect(events.map(({ event_type }) => event_type)).toEqual(types)
  const ofCall = () => heard.filter((event) => events.some(({ event_id }) => event_id === event.id))
  await expect.poll(() => ofCall().length, { timeout: 10_000 }).toBe(3)
  expect(new Set(ofCall().map(({ type }) => type))).toEqual(new Set(types))
  await expect
    .poll(async () => {
      const { deliveries } = await server.client.call('getCallTrace', { params: { id } })
      return deliveries.map(({ status, attempts }) => [status, attempts])
    })
    .toEqual([
      ['delivered', 1],
      ['delivered', 1],
      ['delivered', 1],
    ])
})

test('an event of one’s own is stored once by its id', async () => {
  const body = { event_type: 'sms.received', event_id: 'sms-1', payload: { text: '5' } }
  const first = await server.client.call('createEvent', { body })
  expect(first).toEqual({ event_id: 'sms-1', duplicate: false })
  expect(await server.client.call('createEvent', { body })).toMatchObject({ duplicate: true })
  const stored = await query(
    server.database,
    "select id from bookend.events where type = 'sms.received'",
  )
  expect(stored).toEqual([{ id: 'sms-1' }])
})
