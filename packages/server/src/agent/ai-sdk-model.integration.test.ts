import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStreamFetch, type StreamFetch } from '../outgoing/stream-fetch.ts'
import { createAiSdkModel } from './ai-sdk-model.ts'
import type { Message } from './conversation.ts'
import type { ModelPart } from './speaking-model.ts'
import { speaking, speakingServer, type SpeakingServer } from './testing/speaking-server.ts'
import { listTools } from './tools.ts'

let server: SpeakingServer
let streams: StreamFetch
beforeAll(async () => {
  server = await speakingServer(speaking('Good day.'))
  streams = createStreamFetch({ allowPrivateTargets: true })
})
afterAll(async () => {
  await streams.close()
  await server[Symbol.asyncDispose]()
})

async function ask(messages: readonly Message[], signal = new AbortController().signal) {
  const { baseUrl } = server
  const model = createAiSdkModel({ baseUrl, apiKey: 'sk-test', name: 'small' }, streams.fetch)
  const parts: ModelPart[] = []
  const tools = listTools({ targets: ['front desk'] })
  for await (const part of model.stream({ system: 'Be kind.', messages, tools }, signal)) {
    parts.push(part)
  }
  return parts
}
const hello: Message = { role: 'user', text: 'Hello' }

describe('a model behind an OpenAI-compatible endpoint', () => {
  test('is asked with the prompt, what was said and the tools, and heard word by word', async () => {
    server.say = speaking('Good day.')
    const calls = [{ id: 'c1', name: 'send_digits', input: { digits: '1' } }]
    const parts = await ask([
      hello,
      { role: 'agent', text: 'Wait.', calls },
      { role: 'tool', id: 'c1', name: 'send_digits', result: 'done' },
      { role: 'user', text: 'And?' },
    ])
    expect(parts).toEqual([
      { kind: 'text', text: 'Good ' },
      { kind: 'text', text: 'day.' },
      { kind: 'finished' },
    ])
    const asked = server.asked.at(-1)
    expect(asked?.authorization).toBe('Bearer sk-test')
    expect(asked?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'user',
    ])
    const names = asked?.tools.map((one) => one.function.name)
    expect(names).toEqual(['end_call', 'send_digits', 'transfer_call'])
  })

  test('asks for a tool', async () => {
    server.say = (answer) =>
      answer.token('Bye.').call('end_call', { reason: 'done' }).end('tool_calls')
    expect(await ask([hello])).toEqual([
      { kind: 'text', text: 'Bye.' },
      { kind: 'call', id: 'call_end_call', name: 'end_call', input: { reason: 'done' } },
      { kind: 'finished' },
    ])
  })

  test('that writes no JSON for a tool has asked for it with nothing', async () => {
    server.say = (answer) => answer.call('transfer_call', '{"target":').end('tool_calls')
    const call = (await ask([hello])).find(({ kind }) => kind === 'call')
    expect(call).toMatchObject({ name: 'transfer_call', input: {} })
  })

  test.each([401, 429, 500])('fails with its status: %s', async (status) => {
    server.say = (answer) => answer.fail(status)
    expect(await ask([hello])).toEqual([{ kind: 'failed', detail: `http_${status}` }])
  })

  test('that breaks off in the middle has failed', async () => {
    server.say = (answer) => {
      answer.token('Good ')
      setImmediate(() => answer.cut())
    }
    expect((await ask([hello])).at(-1)).toMatchObject({ kind: 'failed' })
  })

  test('is let go of when nobody listens any more', async () => {
    server.say = (answer) => void answer.token('Good ')
    const asking = new AbortController()
    const before = server.cut
    const model = createAiSdkModel(
      { baseUrl: server.baseUrl, apiKey: null, name: 'small' },
      streams.fetch,
    )
    for await (const part of model.stream(
      { system: '', messages: [hello], tools: [] },
      asking.signal,
    )) {
      if (part.kind === 'text') asking.abort()
    }
    await expect.poll(() => server.cut).toBe(before + 1)
  })
})

test('an address that may not be reached is not asked (A1)', async () => {
  await using guarded = {
    ...createStreamFetch({ allowPrivateTargets: false }),
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
  const before = server.asked.length
  const { baseUrl } = server
  const model = createAiSdkModel({ baseUrl, apiKey: null, name: 'small' }, guarded.fetch)
  const parts: ModelPart[] = []
  const { signal } = new AbortController()
  for await (const part of model.stream({ system: '', messages: [hello], tools: [] }, signal)) {
    parts.push(part)
  }
  expect(parts).toMatchObject([{ kind: 'failed' }])
  expect(server.asked).toHaveLength(before)
})
