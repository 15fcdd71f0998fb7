// Made-up calls through the whole server: what is answered, and that nothing of it stays.

import { Simulation } from '@bookend/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const intake = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('intake', {
  parameters: z.object({ customer_name: z.string(), hour: z.number().int() }),
  fallback: { customer_name: 'there', hour: 0 },
  connections: { desk: 'http/desk' },
  async run({ call, step, connections: { desk } }) {
    const name = await step('contact', () => ({ name: 'Ada', token: 't-123' }))
    await step('write', () => desk.request.send({ path: ['x'] }), { default: null })
    await step('slow', () => new Promise(() => undefined), { timeout: '50ms', default: null })
    const agent_id = call.from_number === '+15550100002' ? process.env.SIMULATED_NURSE : undefined
    return { agent_id, parameters: { customer_name: name.name, hour: new Date(call.timestamp).getUTCHours() } }
  },
})
`
const after = `
import { journey } from '@bookend/sdk'
export default journey('after', { on: 'call.completed', run: async () => undefined })
`
const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({
  connections: { 'http/desk': { settings: { base_url: 'http://127.0.0.1:1' }, auth: { kind: 'none' } } },
}))
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({
    workflows: {
      'intake.pre-call.ts': intake,
      'after.journey.ts': after,
      '../bookend.config.ts': config,
    },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const simulate = (body: object = {}, name = 'intake') =>
  server.client.call('simulateWorkflow', {
    params: { name },
    body: { from_number: '+15550100001', to_number: '+15550100900', ...body },
  })

test('a made-up call is told in full, without the credentials that went through it', async () => {
  const told = Simulation.parse(await simulate({ timestamp: '2026-03-02T15:04:05Z' }))
  expect(told).toMatchObject({
    simulated: true,
    parameters: { customer_name: 'Ada', hour: 15 },
    outcome: { type: 'continue' },
    agent: null,
    run: { workflow: 'intake', status: 'partial', call_id: null, deadline_ms: 5_000 },
  })
  expect(told.run.steps).toMatchObject([
    { name: 'contact', status: 'ok', output: { name: 'Ada', token: '(redacted)' } },
    { name: 'write', status: 'failed', error: expect.stringContaining('may only read') },
    { name: 'slow', status: 'cut', default_used: true },
  ])
  expect(told.missing.map(({ name }) => name)).toEqual(['write', 'slow'])
})

test('an agent hears it rendered, with its own defaults and time-out', async () => {
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'You help {{customer_name}}, on {{plan}}.',
      first_message: 'Hi {{customer_name}}!',
      default_parameters: { plan: 'free' },
      pre_call_webhook_timeout: 2,
    },
  })
  const nurse = await server.client.call('createAgent', { body: { name: 'Nurse', prompt: 'N' } })
  process.env['SIMULATED_NURSE'] = nurse.id
  const told = await simulate({ agent_id: agent.id, params: { plan: 'pro' } })
  expect(told).toMatchObject({
    agent: { name: 'Front', prompt: 'You help Ada, on pro.', first_message: 'Hi Ada!' },
    parameters: { plan: 'pro', customer_name: 'Ada' },
    run: { deadline_ms: 2_000, budget_ms: 1_600 },
  })
  const routed = await simulate({ agent_id: agent.id, from_number: '+15550100002' })
  expect(routed).toMatchObject({ agent: { name: 'Nurse' }, outcome: { type: 'route' } })
})

test('nothing of it stays', async () => {
  await simulate()
  const rows = await query(
    server.database,
    'select (select count(*)::int from runs) as runs, (select count(*)::int from calls) as calls',
  )
  expect(rows).toEqual([{ runs: 0, calls: 0 }])
})

test('what cannot be simulated is refused with the reason', async () => {
  await expect(simulate({}, 'after')).rejects.toMatchObject({ status: 409 })
  await expect(simulate({}, 'nothing')).rejects.toMatchObject({ status: 404 })
  const agent_id = '01999999-9999-7999-8999-999999999999'
  await expect(simulate({ agent_id })).rejects.toThrow('agent_id')
  const { key } = await server.client.call('createKey', { body: { scopes: ['read'] } })
  const body = '{"from_number":"a","to_number":"b"}'
  const read = await server.send('/workflows/intake/simulate', { method: 'POST', key, body })
  expect(read.status).toBe(403)
})
