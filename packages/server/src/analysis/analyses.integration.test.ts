import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { query } from '../testing/query.ts'
import { testServer, type TestServer } from '../testing/server.ts'
import {
  analyzedAgent,
  analyzedCall,
  analyzedCount,
  answersOf,
  finishedCall,
  type AnalyzedAgent,
  type Line,
} from './testing/analyzed-calls.ts'

const WAIT = { timeout: 15_000, interval: 50 }
const UPSET: readonly Line[] = [
  ['agent', 'Hello, how can I help?'],
  ['user', 'This is terrible, I am angry, I want a refund.'],
  ['agent', 'I am sorry to hear that.'],
]

const fromYaml = `
workflow: escalate
on: call.analyzed
if: call.analysis.verdict == "escalate"
steps:
  mark: { tag: "mood \${{ call.analysis.mood.label }}" }
`
const fromTypescript = `
import { journey } from '@bookend/sdk'
export default journey('count-words', {
  on: 'call.analyzed',
  run: async ({ call, event, tag }) => {
    await tag('marked', 'found ' + call.analysis.words.total + ' of ' + event.payload.analysis_results.length)
  },
})
`

let server: TestServer
let agent: AnalyzedAgent

beforeAll(async () => {
  server = await testServer({
    workflows: {
      'escalate.journey.yaml': fromYaml,
      'count-words.journey.ts': fromTypescript,
    },
  })
  agent = await analyzedAgent(server.client, [
    {
      title: 'verdict',
      kind: 'outcome',
      options: {
        rules: [{ if: 'call.analysis.mood.score < -0.3', result: 'escalate' }],
        otherwise: 'fine',
      },
    },
    { title: 'mood', kind: 'sentiment' },
    { title: 'words', kind: 'keywords', options: { words: ['refund'] } },
    { title: 'pauses', kind: 'silence' },
  ])
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a finished call', () => {
  test('is analyzed, and its journeys read the results in both forms', async () => {
    const { client } = server
    const id = await finishedCall(client, agent, UPSET)
    const call = await analyzedCall(client, id)
    expect(answersOf(call)).toMatchObject({
      verdict: 'escalate',
      mood: { label: 'negative' },
      words: { total: 1, found: { refund: 1 } },
      pauses: { count: 1 },
    })
    expect(call.analysis_results.every(({ status }) => status === 'done')).toBe(true)
    await vi.waitFor(async () => {
      const { tags } = await client.call('getCall', { params: { id } })
      expect(tags.map(({ name }) => name)).toEqual(['found 1 of 4', 'mood negative'])
    }, WAIT)
  })

  test('has results of analyzers that failed as well, and is analyzed nevertheless', async () => {
    const call = await analyzedCall(server.client, await finishedCall(server.client, agent, []))
    expect(answersOf(call)).toEqual({
      verdict: 'rule_failed',
      mood: 'no_transcript',
      words: 'no_transcript',
      pauses: 'no_transcript',
    })
  })

  test('is believed what was told of it, and its rules see that', async () => {
    const told = {
      analysis_results: [{ title: 'mood', result: { score: 0.9, label: 'positive' } }],
    }
    const id = await finishedCall(server.client, agent, UPSET, told)
    const call = await analyzedCall(server.client, id)
    expect(answersOf(call)).toMatchObject({ verdict: 'fine', mood: { score: 0.9 } })
    expect(call.analysis_results.filter(({ title }) => title === 'mood')).toHaveLength(1)
  })

  test('is analyzed once, however often its end is reported', async () => {
    const { client } = server
    const id = await finishedCall(client, agent, UPSET)
    await client.call('completeCall', { params: { id }, body: {} })
    await analyzedCall(client, id)
    await client.call('completeCall', { params: { id }, body: {} })
    const rows = await query(
      server.database,
      `select status from analyses where call_id = '${id}' and status <> 'done'`,
    )
    expect(rows).toEqual([])
    expect(await analyzedCount(client, id)).toBe(1)
  })

  test('whose analyzer needs a model says so where none is configured', async () => {
    const asking = await analyzedAgent(server.client, [{ title: 'wish', prompt: 'What?' }])
    const call = await analyzedCall(server.client, await finishedCall(server.client, asking, UPSET))
    expect(answersOf(call)).toEqual({ wish: 'no_model' })
  })

  test('of an agent without analyzers is not analyzed', async () => {
    const { client } = server
    const bare = await analyzedAgent(client, [])
    const id = await finishedCall(client, bare, UPSET)
    const later = await finishedCall(client, agent, UPSET)
    await analyzedCall(client, later)
    expect(await analyzedCount(client, id)).toBe(0)
  })
})

test('an agent with a rule that cannot be is refused, with the rule’s place', async () => {
  const rules = [{ if: 'call.durration > 1', result: 'x' }]
  const body = { analyzers: [{ title: 'a', kind: 'outcome', options: { rules } }] }
  const answer = await server.send(`/agents/${agent.agentId}`, {
    method: 'PATCH',
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({
    errors: [
      {
        path: 'analyzers.0.options.rules.0.if',
        message: expect.stringContaining('duration') as string,
      },
    ],
  })
})
