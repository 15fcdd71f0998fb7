import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openEndpoint } from '../workers/deliveries/testing/endpoint.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const NUMBER = '+15550100900'

const alarm = `
import { journey } from '@bookend/sdk'
export default journey('alarm', {
  on: 'call.transcript_update',
  if: ({ call }) => call.transcripts.some(({ text }) => text.includes('fire')),
  once: () => 'fire',
  async run({ call, step, tag, emit }) {
    await tag('mark', 'on fire')
    await emit('tell', 'alarm.raised', { call_id: call.uuid })
  },
})
`

let server: TestServer

beforeAll(async () => {
  server = await testServer({ workflows: { 'alarm.journey.ts': alarm } })
  const agent = await server.client.call('createAgent', { body: { name: 'Front' } })
  const { id } = await server.client.call('createNumber', { body: { number: NUMBER } })
  await server.client.call('assignAgent', { params: { id }, body: { agent_uuid: agent.id } })
})
afterAll(async () => await server[Symbol.asyncDispose]())

async function begin(): Promise<string> {
  const body = { from_number: '+15550100001', to_number: NUMBER }
  return (await server.client.call('inboundCall', { body })).call.uuid
}
const say = (id: string, sequence: number, text: string) =>
  server.client.call('appendTranscript', {
    params: { id },
    body: { entries: [{ sequence, role: 'user', text, final: true }] },
  })
const trace = (id: string) => server.client.call('getCallTrace', { params: { id } })

test('a condition met again and again in a call acts once, while the call goes on', async () => {
  const id = await begin()
  await say(id, 0, 'hello')
  expect((await trace(id)).journeys).toEqual([])
  await Promise.all([1, 2, 3, 4].map((sequence) => say(id, sequence, 'there is a fire')))
  await say(id, 5, 'a fire, I say')
  await expect
    .poll(async () => (await trace(id)).journeys.map(({ status }) => status), { timeout: 10_000 })
    .toEqual(['completed'])
  const call = await server.client.call('getCall', { params: { id } })
  expect(call).toMatchObject({ status: 'in_progress', tags: [{ name: 'on fire' }] })
  const raised = (await trace(id)).events.filter(({ event_type }) => event_type === 'alarm.raised')
  expect(raised).toHaveLength(1)
})

test('the same condition in another call acts for that one', async () => {
  const id = await begin()
  await say(id, 0, 'fire')
  expect((await trace(id)).journeys).toHaveLength(1)
})

test('what a journey does while the call goes on is heard within a second', async () => {
  await using endpoint = await openEndpoint()
  const body = { url: endpoint.url, event_types: ['alarm.raised'] }
  await server.client.call('createWebhook', { body })
  const waitsMs: number[] = []
  for (let round = 1; round <= 5; round += 1) {
    const id = await begin()
    const saidAtMs = performance.now()
    await say(id, 0, 'fire')
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(round), {
      timeout: 10_000,
      interval: 5,
    })
    waitsMs.push((endpoint.received.at(-1)?.atMs ?? Infinity) - saidAtMs)
  }
  // From the entry to the subscriber: stored, run, tagged, told. The machine may be busy now and then.
  expect(Math.min(...waitsMs)).toBeLessThan(1_000)
})
