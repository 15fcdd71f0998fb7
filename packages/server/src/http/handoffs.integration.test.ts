import type { Handoff, JsonObject } from '@bookend/contract'
import { ApiError } from '@bookend/sdk/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'

const ask = `
import { journey } from '@bookend/sdk'
import { z } from 'zod'
export default journey('ask', {
  on: 'ask.asked',
  key: ({ event }) => event.payload.key ?? null,
  async run({ event, step, human }) {
    const { within = '4h' } = event.payload
    const review = await human('decide', {
      title: 'Call back?',
      assign: 'team:support-leads',
      form: z.object({ decision: z.enum(['call-back', 'email', 'close']), note: z.string().max(20).optional() }),
      within,
    })
    return await step('result', () => review)
  },
})
`

let server: TestServer
beforeAll(async () => {
  server = await testServer({ workflows: { 'ask.journey.ts': ask } })
})
afterAll(async () => await server[Symbol.asyncDispose]())

let events = 0
/** Yields the run's id. */
async function start(payload: JsonObject = {}): Promise<string> {
  events += 1
  const event_id = `e${events}`
  const body = { event_type: 'ask.asked', event_id, payload }
  await server.client.call('createEvent', { body })
  const [row] = (await query(server.database, 'select id from bookend.runs where event_id = $1', [
    event_id,
  ])) as { id: string }[]
  return row?.id ?? ''
}

const getRun = (id: string) => server.client.call('getRun', { params: { id } })
const become = (id: string, status: string) =>
  expect.poll(async () => (await getRun(id)).status, { timeout: 15_000 }).toBe(status)
const resultOf = async (id: string) =>
  (await getRun(id)).steps.find(({ name }) => name === 'result')?.output

async function handoffOf(run_id: string): Promise<Handoff> {
  const find = () => server.client.call('listHandoffs', { query: { run_id, snoozed: 'true' } })
  await expect.poll(async () => (await find()).handoffs.length, { timeout: 10_000 }).toBe(1)
  return (await find()).handoffs[0] as Handoff
}

const answer = (id: string, given: JsonObject, by?: string) =>
  server.client.call('answerHandoff', {
    params: { id },
    body: { answer: given, ...(by === undefined ? {} : { by }) },
  })
const refusal = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof ApiError ? [error.status, error.message] : error
}
const eventsAbout = (id: string) =>
  query(
    server.database,
    `select type from bookend.events where payload->>'handoff_id' = $1 order by created_at`,
    [id],
  )

describe('a handoff', () => {
  test('waits for a person, whose answer the journey goes on with', async () => {
    const run = await start()
    const handoff = await handoffOf(run)
    expect(handoff).toMatchObject({
      run_id: run,
      step: 'decide',
      workflow: 'ask',
      title: 'Call back?',
      assign: 'team:support-leads',
      status: 'open',
      form: { type: 'object', required: ['decision'] },
    })
    expect(Object.keys(handoff.form['properties'] as object)).toEqual(['decision', 'note'])
    await become(run, 'waiting')
    await answer(handoff.id, { decision: 'email', note: 'soon' }, 'Ben')
    await become(run, 'completed')
    expect(await resultOf(run)).toMatchObject({
      status: 'answered',
      answer: { decision: 'email', note: 'soon' },
      answered_by: 'Ben',
    })
    expect(await eventsAbout(handoff.id)).toEqual([
      { type: 'handoff.opened' },
      { type: 'handoff.answered' },
    ])
  })

  test('takes no answer that its form does not', async () => {
    const { id } = await handoffOf(await start())
    expect(await refusal(answer(id, { decision: 'shout' }))).toEqual([
      422,
      expect.stringContaining('answer.decision'),
    ])
    expect(await refusal(answer(id, {}))).toMatchObject([422, {}])
    const long = { decision: 'close', note: 'x'.repeat(21) }
    expect(await refusal(answer(id, long))).toMatchObject([422, {}])
    expect((await server.client.call('getHandoff', { params: { id } })).status).toBe('open')
  })

  test('is answered once, however many answer at once; the others are told by whom', async () => {
    const run = await start()
    const { id } = await handoffOf(run)
    const people = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve']
    const answers = await Promise.all(
      people.map((by) => refusal(answer(id, { decision: 'close' }, by))),
    )
    expect(answers.filter((outcome) => outcome === null)).toHaveLength(1)
    const winner = people[answers.indexOf(null)]
    const words = expect.stringContaining(`answered by ${winner}`)
    expect(answers.filter((outcome) => outcome !== null)).toEqual(Array(4).fill([409, words]))
    await become(run, 'completed')
    expect(await resultOf(run)).toMatchObject({ answered_by: winner })
    expect(await eventsAbout(id)).toHaveLength(2)
  })

  test('whose time is over lets the journey go on without an answer', async () => {
    const run = await start({ within: '300ms' })
    await become(run, 'completed')
    expect(await resultOf(run)).toEqual({ status: 'expired' })
    const { handoffs } = await server.client.call('listHandoffs', {
      query: { run_id: run, status: 'expired' },
    })
    const words = expect.stringContaining('time is over')
    expect(await refusal(answer(handoffs[0]?.id ?? '', { decision: 'close' }))).toEqual([
      409,
      words,
    ])
  })

  test('of a run that is cancelled needs no answer any more', async () => {
    const run = await start()
    const { id } = await handoffOf(run)
    await server.client.call('cancelRun', { params: { id: run } })
    expect(await refusal(answer(id, { decision: 'close' }))).toMatchObject([409, {}])
    const open = await server.client.call('listHandoffs', { query: { run_id: run } })
    expect(open.handoffs).toEqual([])
  })

  test('is one person’s while it is taken, and anybody’s again once it is reassigned', async () => {
    const { id } = await handoffOf(await start())
    const claim = (by: string) =>
      server.client.call('claimHandoff', { params: { id }, body: { by } })
    expect(await claim('Ada')).toMatchObject({ claimed_by: 'Ada' })
    expect(await claim('Ada')).toMatchObject({ claimed_by: 'Ada' })
    expect(await refusal(claim('Ben'))).toEqual([409, expect.stringContaining('taken by Ada')])
    const body = { assign: 'team:billing' }
    const moved = await server.client.call('reassignHandoff', { params: { id }, body })
    expect(moved).toMatchObject({ assign: 'team:billing', claimed_by: null })
    expect(await claim('Ben')).toMatchObject({ claimed_by: 'Ben' })
    const listed = await server.client.call('listHandoffs', { query: { assign: 'team:billing' } })
    expect(listed.handoffs.map((handoff) => handoff.id)).toEqual([id])
  })

  test('that is put off is not listed until then, and never later than it is due', async () => {
    const run = await start()
    const { id, due_at } = await handoffOf(run)
    const snooze = (until: string | null) =>
      server.client.call('snoozeHandoff', { params: { id }, body: { until } })
    const listed = async () =>
      (await server.client.call('listHandoffs', { query: { run_id: run } })).handoffs.length
    await snooze(new Date(Date.now() + 1_800_000).toISOString())
    expect(await listed()).toBe(0)
    expect(await refusal(snooze(due_at))).toMatchObject([422, {}])
    await snooze(null)
    expect(await listed()).toBe(1)
  })

  test('does not hold up the next run of its key, which it follows when it goes on', async () => {
    const first = await start({ key: 'one' })
    const { id } = await handoffOf(first)
    const second = await start({ key: 'one', within: '10ms' })
    await become(second, 'completed')
    expect((await getRun(first)).status).toBe('waiting')
    await answer(id, { decision: 'close' })
    await become(first, 'completed')
  })
})
