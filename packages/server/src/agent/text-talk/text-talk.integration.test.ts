import type { TalkEvent } from '@bookend/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../../testing/server.ts'
import { speaking, speakingServer, type SpeakingServer } from '../testing/speaking-server.ts'

const workflow = `
import { preCall } from '@bookend/sdk'
import { z } from 'zod'
export default preCall('greet', {
  parameters: z.object({ name: z.string() }),
  fallback: { name: 'there' },
  async run({ call }) {
    if (call.from_number === '+15550100099') return { parameters: { name: '' }, reject: { reason: 'busy' } }
    if (call.from_number === '+15550100098') return { parameters: { name: '' }, say: 'We are closed.' }
    return { parameters: { name: 'Ada' } }
  },
})
`
const after = `
import { journey } from '@bookend/sdk'
export default journey('after', {
  on: 'call.completed',
  run: async ({ call, step }) => step('words', () => call.transcripts.map(({ text }) => text)),
})
`

let model: SpeakingServer
let server: TestServer
let agentId: string
beforeAll(async () => {
  model = await speakingServer(speaking('Good day.'))
  server = await testServer({
    workflows: { 'greet.pre-call.ts': workflow, 'after.journey.ts': after },
    env: { BOOKEND_MODEL_BASE_URL: model.baseUrl, BOOKEND_MODEL_NAME: 'small' },
  })
  const agent = await server.client.call('createAgent', {
    body: {
      name: 'Front',
      prompt: 'You speak with {{name}}.',
      first_message: 'Hello {{name}}.',
      pre_call_webhook_url: 'workflow:greet',
      pre_call_webhook_enabled: true,
    },
  })
  agentId = agent.id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

const begin = (from_number = '+15550100001') =>
  server.client.call('talkToAgent', { params: { id: agentId }, body: { from_number } })
const getCall = (id: string) => server.client.call('getCall', { params: { id } })

async function say(id: string, text: string): Promise<readonly TalkEvent[]> {
  const body = JSON.stringify({ text })
  const answer = await server.send(`/calls/${id}/say`, { method: 'POST', body })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  return readEvents(await answer.text())
}

const readEvents = (text: string): TalkEvent[] =>
  [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(
    ([, event, data = '']) => ({ event, data: JSON.parse(data) as unknown }) as TalkEvent,
  )

describe('a call in writing', () => {
  test('is asked, greeted, answered word by word, and ended by the agent', async () => {
    const { call, agent, pre_call: preCall } = await begin()
    expect(agent).toMatchObject({ prompt: 'You speak with Ada.', first_message: 'Hello Ada.' })
    expect(preCall.status).toBe('answered')
    expect(call).toMatchObject({ platform: 'talk', direction: 'inbound', status: 'in_progress' })

    model.say = speaking('We are open.')
    const events = await say(call.uuid, 'When are you open?')
    expect(events.map(({ event }) => event)).toEqual([
      'entry',
      'token',
      'token',
      'token',
      'entry',
      'done',
    ])
    expect(model.asked.at(-1)?.messages).toMatchObject([
      { role: 'system', content: 'You speak with Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'When are you open?' },
    ])

    model.say = (answer) =>
      answer.token('Goodbye.').call('end_call', { reason: 'all asked' }).end('tool_calls')
    expect(await say(call.uuid, 'Thanks, bye')).toContainEqual({
      event: 'ended',
      data: { kind: 'done', reason: 'all asked', target: null },
    })
    const ended = await getCall(call.uuid)
    expect(ended).toMatchObject({ status: 'completed', ended_reason: 'all asked' })
    expect(ended.transcripts.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'agent: Hello Ada.',
      'user: When are you open?',
      'agent: We are open.',
      'user: Thanks, bye',
      'agent: Goodbye.',
      'tool: done',
    ])
    await expect
      .poll(async () => {
        const { journeys } = await server.client.call('getCallTrace', {
          params: { id: call.uuid },
        })
        return journeys.map(({ status }) => status)
      })
      .toEqual(['completed'])
    const late = await server.send(`/calls/${call.uuid}/say`, { method: 'POST', body: '{}' })
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'state_conflict' }])
  })

  test('keeps of an answer what was sent before it was interrupted (W1)', async () => {
    const { call } = await begin()
    let go = (): void => undefined
    model.say = (answer) => {
      answer.token('We are ')
      go = () => answer.end()
    }
    const cut = model.cut
    const first = await server.send(`/calls/${call.uuid}/say`, {
      method: 'POST',
      body: JSON.stringify({ text: 'When?' }),
    })
    const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    while (!heard.includes('token')) heard += (await reader?.read())?.value ?? ''
    model.say = speaking('Sorry. At nine.')
    await say(call.uuid, 'I mean tomorrow')
    go()
    await expect.poll(() => model.cut).toBe(cut + 1)
    const { transcripts } = await getCall(call.uuid)
    expect(transcripts.map(({ text }) => text)).toEqual([
      'Hello Ada.',
      'When?',
      'We are ',
      'I mean tomorrow',
      'Sorry. At nine.',
    ])
    await reader?.cancel()
  })

  test('that is turned away, or told one thing, has no conversation', async () => {
    const rejected = await begin('+15550100099')
    expect(rejected.call.status).toBe('rejected')
    const told = await begin('+15550100098')
    expect(await getCall(told.call.uuid)).toMatchObject({
      status: 'completed',
      transcripts: [{ text: 'We are closed.' }],
    })
  })

  test('with a model that fails is excused, and goes on', async () => {
    const { call } = await begin()
    model.say = (answer) => answer.fail(500)
    const events = await say(call.uuid, 'Hello?')
    expect(events.at(-2)).toMatchObject({ event: 'entry', data: { role: 'agent' } })
    model.say = speaking('Here \u0000I am.')
    expect(await say(call.uuid, 'Hello?')).toContainEqual(
      expect.objectContaining({ event: 'token', data: { text: 'Here ' } }),
    )
    expect((await getCall(call.uuid)).transcripts.at(-1)?.text).toBe('Here \ufffdI am.')
  })
})

test.each([
  ['{"text":5}', 422],
  ['{"text":"a","more":1}', 422],
  ['{"text":"\\u0000"}', 422],
  ['[', 400],
])('what is no sentence is refused: %s', async (body, status) => {
  const { call } = await begin()
  const answer = await server.send(`/calls/${call.uuid}/say`, { method: 'POST', body })
  expect(answer.status).toBe(status)
})

test('only what there is can be spoken with, by who may', async () => {
  const post = (path: string, key?: string | null) =>
    server.send(path, { method: 'POST', body: '{}', ...(key === undefined ? {} : { key }) })
  const { call } = await begin()
  expect((await post(`/calls/${call.uuid}/say`, null)).status).toBe(401)
  expect((await post('/calls/0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa/say')).status).toBe(404)
  expect((await post('/calls/nothing/say')).status).toBe(404)
  expect((await post('/agents/0198c7a2-5d1e-7c3b-9a44-6f0e2b71d9aa/talk')).status).toBe(404)
})
