import { ApiError } from '@bookend/sdk/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

/** What the journeys under test, which run in this process, do and are told. */
interface Told {
  failing: string | null
  readonly done: string[]
}
const told: Told = { failing: null, done: [] }
Object.assign(globalThis, { told })

const work = `
import { journey } from '@bookend/sdk'
export default journey('work', {
  on: 'work.asked',
  async run({ event, step }) {
    const act = (name, options) => step(name, () => {
      if (told.failing === name) throw new Error(event.payload.words ?? 'no')
      told.done.push(name)
      return name
    }, { retry: { attempts: Number(event.payload.tries ?? 1), first: '10ms' }, ...options })
    await act('caught').catch(() => undefined)
    await act('first')
    await Promise.all([act('second'), act('beside')])
    await act('third')
  },
})
`
const rest = `
import { journey } from '@bookend/sdk'
export default journey('rest', {
  on: 'rest.asked',
  key: ({ event }) => event.payload.key ?? null,
  async run({ event, step, sleep }) {
    await step('before', () => void told.done.push('before ' + event.event_id))
    await sleep('night', event.payload.night ?? '1d')
    await step('after', () => void told.done.push('after ' + event.event_id))
  },
})
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({ workflows: { 'work.journey.ts': work, 'rest.journey.ts': rest } })
})
afterAll(async () => await server[Symbol.asyncDispose]())
beforeEach(() => {
  told.failing = null
  told.done.length = 0
})

let events = 0
async function start(type: string, payload: Record<string, string> = {}): Promise<string> {
  events += 1
  const event_id = `e${events}`
  await server.client.call('createEvent', { body: { event_type: type, event_id, payload } })
  const [row] = (await query(server.database, 'select id from bookend.runs where event_id = $1', [
    event_id,
  ])) as { id: string }[]
  return row?.id ?? ''
}

const getRun = (id: string) => server.client.call('getRun', { params: { id } })
const become = (id: string, status: string) =>
  expect.poll(async () => (await getRun(id)).status, { timeout: 10_000 }).toBe(status)
const statuses = async (id: string) =>
  Object.fromEntries((await getRun(id)).steps.map(({ name, status }) => [name, status]))
const refusal = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof ApiError ? [error.status, error.message] : error
}
const retry = (id: string) => server.client.call('retryRun', { params: { id } })
const cancel = (id: string) => server.client.call('cancelRun', { params: { id } })
const replay = (id: string, body: object = {}) =>
  server.client.call('replayRun', { params: { id }, body })
const resolve = (id: string, name: string, it: 'was_done' | 'send_again') =>
  server.client.call('resolveStep', { params: { id, name }, body: { it } })

describe('a failed run that is retried', () => {
  test('goes on at the step that failed; what finished is not run again (J3)', async () => {
    told.failing = 'second'
    const id = await start('work.asked')
    await become(id, 'failed')
    told.failing = null
    expect(await retry(id)).toMatchObject({ id, status: 'queued', error: null })
    await become(id, 'completed')
    expect(told.done.toSorted()).toEqual(['beside', 'caught', 'first', 'second', 'third'])
    const second = (await getRun(id)).steps.find(({ name }) => name === 'second')
    expect(second?.attempts.map(({ error }) => error)).toEqual(['no', null])
  })

  test('leaves alone a failure that the journey caught', async () => {
    told.failing = 'caught'
    const id = await start('work.asked')
    await become(id, 'completed')
    expect(await refusal(retry(id))).toEqual([409, expect.stringContaining('completed')])
    const again = await start('work.asked')
    await become(again, 'completed')
    await query(
      server.database,
      `update bookend.runs set status = 'failed', failed_step = 'third' where id = $1`,
      [again],
    )
    await query(
      server.database,
      `update bookend.run_steps set status = 'failed', error = 'no' where run_id = $1 and name = 'third'`,
      [again],
    )
    told.failing = null
    await retry(again)
    await become(again, 'completed')
    expect(await statuses(again)).toMatchObject({ caught: 'failed', third: 'ok' })
  })

  test('may fail again, and be retried again, with all its tries each time', async () => {
    told.failing = 'first'
    const id = await start('work.asked', { tries: '2' })
    for (const tries of [2, 4, 6]) {
      await become(id, 'failed')
      const [, first] = (await getRun(id)).steps
      expect(first?.attempts).toHaveLength(tries)
      if (tries < 6) await retry(id)
    }
  })
})

describe('a step that is maybe done', () => {
  test('is not simply tried again: somebody has to say what is true', async () => {
    told.failing = 'first'
    const id = await start('work.asked', { words: 'maybe done: the answer was lost' })
    await become(id, 'failed')
    told.failing = null
    expect(await refusal(retry(id))).toEqual([409, expect.stringContaining('step "first"')])
    expect(await refusal(resolve(id, 'caught', 'was_done'))).toMatchObject([409, {}])
    expect(await refusal(resolve(id, 'none', 'was_done'))).toMatchObject([404, {}])
    await resolve(id, 'first', 'was_done')
    await become(id, 'completed')
    expect(told.done).not.toContain('first')
  })

  test('is sent again when that is what they say', async () => {
    told.failing = 'first'
    const id = await start('work.asked', { words: 'maybe done: the answer was lost' })
    await become(id, 'failed')
    told.failing = null
    await resolve(id, 'first', 'send_again')
    await become(id, 'completed')
    expect(told.done.filter((name) => name === 'first')).toHaveLength(1)
    expect(await refusal(resolve(id, 'first', 'was_done'))).toMatchObject([409, {}])
  })
})

describe('a run that is cancelled', () => {
  test('stops at once, also when it sleeps, and frees its lane', async () => {
    const id = await start('rest.asked', { key: 'one' })
    await become(id, 'waiting')
    const behind = await start('rest.asked', { key: 'one', night: '10ms' })
    expect((await getRun(behind)).status).toBe('queued')
    expect(await cancel(id)).toMatchObject({ status: 'cancelled' })
    expect(await statuses(id)).toEqual({ before: 'ok', night: 'skipped' })
    await become(behind, 'completed')
    expect(told.done.filter((line) => line.startsWith('after'))).toHaveLength(1)
    expect(await refusal(cancel(id))).toEqual([409, expect.stringContaining('cancelled')])
    expect(await refusal(retry(id))).toMatchObject([409, {}])
  })

  test('never begins when it was still in the queue', async () => {
    const first = await start('rest.asked', { key: 'two' })
    await become(first, 'waiting')
    const behind = await start('rest.asked', { key: 'two' })
    await cancel(behind)
    await cancel(first)
    const last = await start('rest.asked', { key: 'two', night: '10ms' })
    await become(last, 'completed')
    expect((await getRun(behind)).steps).toEqual([])
  })
})

describe('a replay', () => {
  test('is a new run, linked, that keeps what began before the step', async () => {
    const id = await start('work.asked')
    await become(id, 'completed')
    told.done.length = 0
    const copy = await replay(id, { from_step: 'third' })
    expect(copy).toMatchObject({ replay_of: id, workflow: 'work' })
    expect(copy.id).not.toBe(id)
    await become(copy.id, 'completed')
    expect(told.done).toEqual(['third'])
    expect((await getRun(id)).status).toBe('completed')
  })

  test('runs everything when no step is named, as often as it is asked', async () => {
    const id = await start('work.asked')
    await become(id, 'completed')
    told.done.length = 0
    const copies = [await replay(id), await replay(id)]
    for (const copy of copies) await become(copy.id, 'completed')
    expect(told.done.filter((name) => name === 'first')).toHaveLength(2)
  })

  test('is refused while the run is under way, and for what is not stored', async () => {
    const id = await start('rest.asked')
    await become(id, 'waiting')
    expect(await refusal(replay(id))).toEqual([409, expect.stringContaining('waiting')])
    await cancel(id)
    expect(await refusal(replay(id, { from_step: 'none' }))).toMatchObject([422, {}])
    expect(await refusal(replay(id, { version: 'none' }))).toMatchObject([422, {}])
    expect(await refusal(replay('018f0000-0000-7000-8000-000000000000'))).toMatchObject([404, {}])
  })
})
