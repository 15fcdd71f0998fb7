import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { journey } from '../journey.ts'
import { preCall } from '../pre-call.ts'
import { readFixture, replay, replayFixtures } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'bookend-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const intakeOf = (greeting: string, sql = 'select 1') =>
  preCall('intake', {
    connections: { shop: 'postgres/shop' },
    parameters: z.object({ plan: z.string(), greeting: z.string() }),
    fallback: { plan: 'unknown', greeting },
    async run({ call, step, connections: { shop } }) {
      const plan = await step('plan', async () => {
        const row = await shop.row.queryOne({ sql, values: [call.from_number] })
        return z.object({ plan: z.string() }).parse(row).plan
      })
      return { parameters: { plan, greeting }, ...(plan === 'pro' ? { say: 'Hello' } : {}) }
    },
  })

const recorded = {
  workflow: 'intake',
  form: 'typescript',
  request: {
    call: {
      from_number: '+15550100001',
      to_number: '+15550100900',
      direction: 'inbound',
      timestamp: '2026-03-02T15:04:05.000Z',
    },
    agent: { id: 'a', name: 'Front desk' },
  },
  budget_ms: 4_500,
  status: 'answered',
  parameters: { plan: 'pro', greeting: 'Hi', of_the_number: 'kept by the server' },
  outcome: { type: 'say', text: 'Hello' },
  steps: [
    {
      name: 'plan',
      status: 'ok',
      duration_ms: 40,
      connection: 'postgres/shop',
      action: 'row.query_one',
      input: { sql: 'select 1', values: ['+15550100001'] },
      output: 'pro',
      error: null,
    },
  ],
}

const analysis = { id: '00000000-0000-7000-8000-0000000000a1', title: 'mood', result: 'good' }
const file = join(folder, 'pro.json')
// Tests are made of it before any of them runs.
writeFileSync(
  file,
  JSON.stringify({
    duration: 7,
    analysis_results: [{ ...analysis, status: 'done' }],
    recorded: { pre_call: recorded, journeys: ['after', 'not-given'] },
  }),
)

describe('a recorded call, answered once more', () => {
  test('is answered as it was, by what its steps were told and in their time', async () => {
    const { was, now, gaps, run } = await replay(intakeOf('Hi'), file)
    expect(now).toEqual(was)
    expect(was.parameters).toEqual({ plan: 'pro', greeting: 'Hi' })
    expect(gaps).toEqual([])
    expect(run.durationMs).toBe(40)
  })

  test('shows what another version says', async () => {
    const { was, now } = await replay(intakeOf('Hello there'), file)
    expect([was.parameters['greeting'], now.parameters['greeting']]).toEqual(['Hi', 'Hello there'])
  })

  test('is not guessed where another thing is asked (Y1)', async () => {
    const { gaps } = await replay(intakeOf('Hi', 'select 2'), file)
    expect(gaps).toEqual([{ step: 'plan', reason: 'it asked with another input then' }])
  })

  test('is of the workflow that answered it', async () => {
    const run = () => ({ parameters: {} })
    const other = preCall('other', { parameters: z.object({}), fallback: {}, run })
    await expect(replay(other, file)).rejects.toThrow('"intake" answered this call')
    const path = join(folder, 'call-alone.json')
    writeFileSync(path, '{}')
    await expect(replay(other, path)).rejects.toThrow('bookend pull')
    rmSync(path)
  })

  test('is a call like any other for a journey, with what its analyses came to', async () => {
    expect(await readFixture(file)).toMatchObject({ duration: 7, analysis: { mood: 'good' } })
  })
})

const after = journey('after', {
  on: 'call.completed',
  connections: { desk: 'http/desk' },
  async run({ call, step, tag, callLater, connections: { desk } }) {
    await step('ticket', () => desk.request.send({ path: ['calls'], body: { of: call.duration } }))
    await tag('seen', 'followed')
    await callLater('again', { to: '+15550100001', agent: 'Front desk', in: '1h' })
  },
})

await replayFixtures(folder, { workflows: { intake: intakeOf('Hi'), after } })
