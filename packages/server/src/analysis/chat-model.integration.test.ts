import type { ModelQuestion } from '@bookend/core/analysis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOutgoingClient, type OutgoingClient } from '../outgoing/client.ts'
import { systemClock as clock } from '../system-clock.ts'
import { createChatModel } from './chat-model.ts'
import {
  answering,
  failing,
  modelServer,
  saying,
  type ModelServer,
} from './testing/model-server.ts'

let server: ModelServer
let outgoing: OutgoingClient

beforeAll(async () => {
  server = await modelServer(answering('yes'))
  outgoing = createOutgoingClient({ allowPrivateTargets: true })
})
afterAll(async () => {
  await outgoing.close()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => {
  server.answer = answering('yes')
})

const schema = { type: 'object', properties: { answer: { type: 'string' } } }
const ask = (more: Partial<ModelQuestion> = {}, apiKey: string | null = 'sk-test') =>
  createChatModel(
    { baseUrl: server.baseUrl, apiKey, name: 'small', prices: { input: 2, output: 10 } },
    { outgoing, clock },
  ).complete({
    system: 'Rules',
    user: 'Question',
    schema,
    maxOutputTokens: 50,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    ...more,
  })

describe('a language model', () => {
  test('is asked for JSON by a schema, with its key, and says what it cost', async () => {
    expect(await ask()).toEqual({
      kind: 'answered',
      output: { answer: 'yes' },
      model: 'small-2026',
      usage: { inputTokens: 100, outputTokens: 10, cost: 0.0003 },
    })
    expect(server.asked.at(-1)).toMatchObject({
      authorization: 'Bearer sk-test',
      path: '/v1/chat/completions',
      body: {
        model: 'small',
        max_completion_tokens: 50,
        messages: [
          { role: 'system', content: 'Rules' },
          { role: 'user', content: 'Question' },
        ],
        response_format: { type: 'json_schema', json_schema: { strict: true, schema } },
      },
    })
  })

  test('may be another one, and may need no key', async () => {
    await ask({ model: 'large', temperature: 0 }, null)
    const asked = server.asked.at(-1)
    expect(asked?.authorization).toBeUndefined()
    expect(asked?.body).toMatchObject({ model: 'large', temperature: 0 })
  })

  test.each([
    ['refused', saying({ refusal: 'I will not' })],
    ['refused', saying({ content: '{"answer":1}', finish: 'content_filter' })],
    ['cut', saying({ content: '{"answer":"ye', finish: 'length' })],
    ['invalid', saying({ content: 'Sure! Here is' })],
    ['invalid', saying({ content: '' })],
  ] as const)('whose answer is %s is still paid for', async (kind, answer) => {
    server.answer = answer
    expect(await ask()).toMatchObject({ kind, usage: { inputTokens: 100 } })
  })

  test.each([
    ['no JSON', '<html>'],
    ['no completion', '{"ok":true}'],
    ['no choice', '{"choices":[]}'],
  ])('that answers 200 with %s has not answered', async (_, body) => {
    server.answer = (response) => response.end(body)
    expect(await ask()).toMatchObject({ kind: 'invalid', usage: null })
  })

  test.each([
    [500, 'retry'],
    [503, 'retry'],
    [408, 'retry'],
    [401, 'auth'],
    [400, 'refused'],
  ])('that answers %i is judged as %s', async (status, kind) => {
    server.answer = failing(status)
    expect(await ask()).toMatchObject({ kind: 'fault', verdict: { kind } })
  })

  test('that is limited says until when', async () => {
    server.answer = failing(429, { 'retry-after': '7' })
    const reply = await ask()
    expect(reply).toMatchObject({ kind: 'fault', verdict: { kind: 'limited' } })
    const until =
      reply.kind === 'fault' && reply.verdict.kind === 'limited' ? reply.verdict.until : null
    expect(until?.getTime()).toBeGreaterThan(Date.now() + 5_000)
  })

  test('that is slow, or sends without end, is given up on', async () => {
    server.answer = () => undefined
    const slow = await ask({ timeoutMs: 200 })
    expect(slow).toMatchObject({ verdict: { kind: 'retry', detail: 'timeout' } })
    server.answer = (response) => response.end('x'.repeat(2_000_000))
    expect(await ask()).toMatchObject({ verdict: { detail: 'response_too_large' } })
  })
})
