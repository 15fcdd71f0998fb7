import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const told = { begun: 0, isOpen: false, order: [] as string[] }
Object.assign(globalThis, { pauseTold: told })

const work = `
import { journey } from '@bookend/sdk'
export default journey('work', {
  on: 'work.asked',
  key: ({ event }) => event.payload.key ?? null,
  async run({ event, step }) {
    await step('first', async () => {
      pauseTold.begun += 1
      while (!pauseTold.isOpen) await new Promise((resolve) => setTimeout(resolve, 10))
    })
    await step('second', () => void pauseTold.order.push(event.event_id))
  },
})
`
const desk = `
import { journey } from '@bookend/sdk'
export default journey('desk', {
  on: 'desk.asked',
  connections: { desk: 'http/desk' },
  async run({ step, connections: { desk } }) {
    await step('note', () => desk.request.send({ method: 'POST', path: ['notes'], body: {} }), { retry: { attempts: 1 } })
  },
})
`
const greet = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('greet', {
  connections: { desk: 'http/desk' },
  parameters: z.object({ name: z.string() }),
  fallback: { name: 'there' },
  async run({ step, connections: { desk } }) {
    const found = await step('look-up', () => desk.request.get({ path: ['names'] }), { timeout: '2s', default: { body: { name: 'you' } } })
    return { parameters: { name: found.body.name } }
  },
})
`
const config = `
import { defineConfig } from '@bookend/sdk'
export default defineConfig(({ env }) => ({
  connections: { 'http/desk': { settings: { base_url: env.DESK_URL }, auth: { kind: 'bearer', token: 'desk-token' } } },
}))
`

let desks: Server
let asked = 0
let server: TestServer
beforeAll(async () => {
  desks = createServer((_, response) => {
    asked += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"Ada"}')
  })
  await new Promise<void>((resolve) => desks.listen(0, '127.0.0.1', resolve))
  const { port } = desks.address() as AddressInfo
  server = await testServer({
    workflows: {
      'work.journey.ts': work,
      'desk.journey.ts': desk,
      'greet.pre-call.ts': greet,
      '../bookend.config.ts': config,
    },
    env: { DESK_URL: `http://127.0.0.1:${port}` },
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  desks.close()
})
beforeEach(() => {
  Object.assign(told, { begun: 0, isOpen: true, order: [] })
  asked = 0
})

let events = 0
async function start(type: string, payload: Record<string, string> = {}): Promise<string> {
  events += 1
  const event_id = `pause${events}`
  await server.client.call('createEvent', { body: { event_type: type, event_id, payload } })
  const sql = 'select id from bookend.runs where event_id = $1'
  const [row] = (await query(server.database, sql, [event_id])) as { id: string }[]
  return row?.id ?? ''
}
const getRun = (id: string) => server.client.call('getRun', { params: { id } })
const become = (id: string, status: string) =>
  expect.poll(async () => (await getRun(id)).status, { timeout: 15_000 }).toBe(status)

const name = { params: { name: 'work' } }
const pause = () =>
  server.client.call('pauseWorkflow', { ...name, body: { reason: 'a bad deploy', by: 'Ben' } })
const resume = () => server.client.call('resumeWorkflow', name)

describe('a paused journey', () => {
  test('takes its events in; their runs wait as queued, and go on in order when it is resumed (J5)', async () => {
    expect(await pause()).toMatchObject({ name: 'work', reason: 'a bad deploy', by: 'Ben' })
    const ids = [await start('work.asked', { key: 'k' }), await start('work.asked', { key: 'k' })]
    const first = await getRun(ids[0] ?? '')
    expect(first).toMatchObject({ status: 'queued', is_paused: true, steps: [] })
    expect(told.begun).toBe(0)
    const { pauses } = await server.client.call('listPauses', {})
    expect(pauses).toMatchObject([{ kind: 'workflow', name: 'work' }])
    const { workflows } = await server.client.call('listWorkflows', {})
    const paused = workflows.filter((workflow) => workflow.paused !== null)
    expect(paused).toMatchObject([{ name: 'work', paused: { reason: 'a bad deploy' } }])
    await resume()
    for (const id of ids) await become(id, 'completed')
    expect(told.order).toEqual(['pause1', 'pause2'])
    expect((await getRun(ids[0] ?? '')).is_paused).toBe(false)
    expect((await server.client.call('listPauses', {})).pauses).toEqual([])
  })

  test('lets a run under way finish the step it is in, and no other', async () => {
    told.isOpen = false
    const id = await start('work.asked')
    await expect.poll(() => told.begun, { timeout: 5_000 }).toBe(1)
    await pause()
    told.isOpen = true
    await become(id, 'waiting')
    await expect.poll(async () => (await getRun(id)).is_paused).toBe(true)
    const steps = (await getRun(id)).steps.map((step) => [step.name, step.status])
    expect(steps).toEqual([['first', 'ok']])
    await resume()
    await become(id, 'completed')
    expect(told.begun).toBe(1)
  })

  test('holds a run that was queued before it was paused', async () => {
    told.isOpen = false
    await start('work.asked', { key: 'held' })
    const second = await start('work.asked', { key: 'held' })
    await expect.poll(() => told.begun, { timeout: 5_000 }).toBe(1)
    await pause()
    told.isOpen = true
    const isFree = async (): Promise<boolean> => {
      const sql = 'select entry from bookend.runs where id = $1'
      const [row] = (await query(server.database, sql, [second])) as { entry: string | null }[]
      return row?.entry === null
    }
    await expect.poll(isFree, { timeout: 10_000 }).toBe(true)
    expect(await getRun(second)).toMatchObject({ status: 'queued', is_paused: true })
    await resume()
    await become(second, 'completed')
  })

  test('is a journey: what answers calls cannot wait', async () => {
    const refused = (name: string) =>
      server.client.call('pauseWorkflow', { params: { name }, body: {} })
    await expect(refused('nobody')).rejects.toMatchObject({ status: 404 })
    await expect(refused('greet')).rejects.toMatchObject({ status: 409 })
  })
})

const connection = { params: { connector: 'http', connection: 'desk' } }

describe('a paused connection', () => {
  test('is asked nothing: steps wait with all their tries, and go on when it is resumed', async () => {
    const body = { reason: 'wrong account' }
    await server.client.call('pauseConnection', { ...connection, body })
    const id = await start('desk.asked')
    const note = async () => (await getRun(id)).steps[0]
    await expect.poll(async () => (await note())?.paused_on, { timeout: 5_000 }).toBe('http/desk')
    expect(await note()).toMatchObject({ status: 'waiting', attempts: [] })
    expect(asked).toBe(0)
    await server.client.call('resumeConnection', connection)
    await become(id, 'completed')
    expect(asked).toBe(1)
    expect(await note()).toMatchObject({ status: 'ok', paused_on: null })
  })

  test('costs a call its defaults at once, and no time (P1)', async () => {
    const greeted = async () => {
      const body = { from_number: '+15550100001', to_number: '+15550100900' }
      return await server.client.call('simulateWorkflow', { params: { name: 'greet' }, body })
    }
    expect((await greeted()).parameters).toEqual({ name: 'Ada' })
    await server.client.call('pauseConnection', { ...connection, body: {} })
    const { parameters, run } = await greeted()
    expect(parameters).toEqual({ name: 'you' })
    expect(run.steps[0]).toMatchObject({ name: 'look-up', default_used: true })
    expect(asked).toBe(1)
    await server.client.call('resumeConnection', connection)
    expect((await greeted()).parameters).toEqual({ name: 'Ada' })
  })

  test('that is not configured cannot be paused', async () => {
    const params = { connector: 'http', connection: 'nobody' }
    const refused = server.client.call('pauseConnection', { params, body: {} })
    await expect(refused).rejects.toMatchObject({ status: 404 })
  })
})
