// What the API shows of runs: no credential of a step, in whichever kind of workflow it went through.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const after = `
import { journey } from '@bookend/sdk'
export default journey('after', {
  on: 'lab.done',
  connections: { desk: 'http/desk' },
  async run({ step, connections: { desk } }) {
    const login = await step('login', () => ({ user: 'ada', access_token: 's3cr3t' }))
    await step('use', () => {
      if (login.access_token !== 's3cr3t') throw new Error('lost')
      return { ok: true }
    })
    await step('send', () => desk.request.send({ path: ['x'], body: { card_number: '4242' } }), {
      retry: { attempts: 1 },
      unknown: 'assume_done',
    })
  },
})
`
const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(() => ({
  connections: { 'http/desk': { settings: { base_url: 'http://127.0.0.1:1' }, auth: { kind: 'bearer', token: 'desk-token' } } },
}))
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({
    workflows: { 'after.journey.ts': after, '../bookend.config.ts': config },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a journey works with what it logged in by, and nobody is shown it', async () => {
  await server.client.call('createEvent', {
    body: { event_type: 'lab.done', event_id: 'evt_lab', payload: {} },
  })
  const list = () => server.client.call('listRuns', { query: { workflow: 'after' } })
  await expect.poll(async () => (await list()).runs[0]?.status).toMatch(/completed|failed/)
  const [item] = (await list()).runs
  const run = await server.client.call('getRun', { params: { id: item?.id ?? '' } })
  expect(run.steps).toMatchObject([
    { name: 'login', output: { user: 'ada', access_token: '(redacted)' } },
    { name: 'use', status: 'ok' },
    { name: 'send', input: { body: { card_number: '(redacted)' } } },
  ])
  const stored = JSON.stringify(await query(server.database, 'select input, phases from run_steps'))
  expect(stored).not.toContain('4242')
  expect(stored).not.toContain('desk-token')
})
