// The speaking model behind an OpenAI-compatible endpoint, through the AI SDK.
//
// M1. The key goes to the configured base and nowhere else.
// M2. Nothing of a question or an answer is logged, and no fault carries any of it.
// M3. The SDK is loaded when it is first needed, so that a server without an agent of its own does not
//     pay for it; who knows that a call is coming has it loaded before the first word.

import type { JsonObject } from '@bookend/contract'
import type { ModelMessage, ToolSet } from 'ai'
import type { ModelSettings } from '../analysis/chat-model.ts'
import type { Message } from './conversation.ts'
import type { ModelAsk, ModelPart, SpeakingModel } from './speaking-model.ts'
import type { Tool } from './tools.ts'

/** A long answer is not for the telephone; this is where one that never ends is cut. */
const OUTPUT_TOKENS = 1_024

export function createAiSdkModel(
  settings: Pick<ModelSettings, 'baseUrl' | 'apiKey' | 'name'>,
  fetch: typeof globalThis.fetch,
): SpeakingModel & { warm(): void } {
  let loading: ReturnType<typeof load> | null = null
  return {
    warm() {
      loading ??= load(settings, fetch)
    },
    async *stream(ask, signal) {
      loading ??= load(settings, fetch)
      try {
        yield* listen(await loading, ask, signal)
      } catch (error) {
        // A stream that breaks off is thrown by the SDK, and not told as a part.
        if (!signal.aborted) yield { kind: 'failed', detail: detailOf(error) }
      }
    },
  }
}

async function load(
  { baseUrl, apiKey, name }: Pick<ModelSettings, 'baseUrl' | 'apiKey' | 'name'>,
  fetch: typeof globalThis.fetch,
) {
  const [{ streamText, tool, jsonSchema }, { createOpenAICompatible }] = await Promise.all([
    import('ai'),
    import('@ai-sdk/openai-compatible'),
  ])
  const provider = createOpenAICompatible({
    name: 'configured',
    baseURL: baseUrl,
    fetch,
    ...(apiKey === null ? {} : { apiKey }),
  })
  const toolOf = ({ description, schema }: Tool) =>
    tool({ description, inputSchema: jsonSchema(schema) })
  return { streamText, toolOf, model: provider.chatModel(name) }
}

type Loaded = Awaited<ReturnType<typeof load>>

async function* listen(
  { streamText, toolOf, model }: Loaded,
  { system, messages, tools }: ModelAsk,
  signal: AbortSignal,
): AsyncGenerator<ModelPart> {
  const { fullStream } = streamText({
    model,
    ...(system === '' ? {} : { system }),
    messages: wordsFor(messages),
    tools: Object.fromEntries(tools.map((one) => [one.name, toolOf(one)])) as ToolSet,
    maxOutputTokens: OUTPUT_TOKENS,
    // Whether to ask again is the conversation's to decide.
    maxRetries: 0,
    abortSignal: signal,
    // Else it writes every fault, with what was asked, to the console.
    onError: () => undefined,
  })
  for await (const part of fullStream) {
    if (part.type === 'text-delta') {
      yield { kind: 'text', text: part.text }
    } else if (part.type === 'tool-call') {
      const { toolCallId: id, toolName: name, input } = part
      yield { kind: 'call', id, name, input: isObject(input) ? input : {} }
    } else if (part.type === 'error') {
      return yield { kind: 'failed', detail: detailOf(part.error) }
    } else if (part.type === 'finish') {
      const { finishReason: reason } = part
      const isFault = reason === 'error' || reason === 'content-filter'
      return yield isFault ? { kind: 'failed', detail: reason } : { kind: 'finished' }
    }
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The name of a fault, and its status; its message may hold what was said. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { statusCode } = error as { statusCode?: unknown }
  return typeof statusCode === 'number' ? `http_${statusCode}` : error.name
}

/** A model must hear somebody first: an agent that speaks first answers silence. */
function wordsFor(messages: readonly Message[]): ModelMessage[] {
  const words = messages.map(wordOf)
  return words.some(({ role }) => role === 'user')
    ? words
    : [...words, { role: 'user', content: '[the caller is on the line]' }]
}

function wordOf(message: Message): ModelMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text }
    case 'agent': {
      const { text, calls } = message
      if (calls.length === 0) return { role: 'assistant', content: text }
      const asked = calls.map(({ id, name, input }) => ({
        type: 'tool-call' as const,
        toolCallId: id,
        toolName: name,
        input,
      }))
      return {
        role: 'assistant',
        content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...asked],
      }
    }
    case 'tool': {
      const { id, name, result } = message
      const output = { type: 'text' as const, value: result }
      return {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: id, toolName: name, output }],
      }
    }
  }
}
