// The speaking model behind an OpenAI-compatible endpoint, through the AI SDK's provider for it. The
// SDK's own loop over steps and tools is left out: the conversation is that loop, and a word passes
// through fewer streams on its way to the caller.
//
// M1. The key goes to the configured base and nowhere else.
// M2. Nothing of a question or an answer is logged, and no fault carries any of it.
// M3. The provider is loaded when it is first needed, so that a server without an agent of its own does
//     not pay for it; who knows that a call is coming has it loaded before the first word.

import type { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { JsonObject } from '@bookend/contract'
import type { ModelSettings } from '../analysis/chat-model.ts'
import type { Message } from './conversation.ts'
import type { ModelAsk, ModelPart, SpeakingModel } from './speaking-model.ts'

type Settings = Pick<ModelSettings, 'baseUrl' | 'apiKey' | 'name'>
type Model = ReturnType<ReturnType<typeof createOpenAICompatible>['chatModel']>
type CallOptions = Parameters<Model['doStream']>[0]
type FunctionTool = Extract<NonNullable<CallOptions['tools']>[number], { type: 'function' }>
type Words = CallOptions['prompt'][number]

/** A long answer is not for the telephone; this is where one that never ends is cut. */
const OUTPUT_TOKENS = 1_024

export function createAiSdkModel(
  settings: Settings,
  fetch: typeof globalThis.fetch,
): SpeakingModel & { warm(): void } {
  let loading: Promise<Model> | null = null
  return {
    warm() {
      loading ??= load(settings, fetch)
    },
    async *stream(ask, signal) {
      loading ??= load(settings, fetch)
      try {
        yield* listen(await loading, ask, signal)
      } catch (error) {
        // What cannot be reached, refuses or breaks off is thrown, and not told as a part.
        if (!signal.aborted) yield { kind: 'failed', detail: detailOf(error) }
      }
    },
  }
}

async function load({ baseUrl, apiKey, name }: Settings, fetch: typeof globalThis.fetch) {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const provider = createOpenAICompatible({
    name: 'configured',
    baseURL: baseUrl,
    fetch,
    ...(apiKey === null ? {} : { apiKey }),
  })
  return provider.chatModel(name)
}

async function* listen(
  model: Model,
  { system, messages, tools }: ModelAsk,
  signal: AbortSignal,
): AsyncGenerator<ModelPart> {
  const { stream } = await model.doStream({
    prompt: promptOf(system, messages),
    tools: tools.map(({ name, description, schema }) => {
      return {
        type: 'function',
        name,
        description,
        inputSchema: schema as FunctionTool['inputSchema'],
      }
    }),
    maxOutputTokens: OUTPUT_TOKENS,
    abortSignal: signal,
  })
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      yield { kind: 'text', text: part.delta }
    } else if (part.type === 'tool-call') {
      const { toolCallId: id, toolName: name, input } = part
      yield { kind: 'call', id, name, input: readInput(input) }
    } else if (part.type === 'error') {
      return yield { kind: 'failed', detail: detailOf(part.error) }
    } else if (part.type === 'finish') {
      const { unified: reason } = part.finishReason
      const isFault = reason === 'error' || reason === 'content-filter'
      return yield isFault ? { kind: 'failed', detail: reason } : { kind: 'finished' }
    }
  }
}

/** An empty object for what is none. */
function readInput(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : {}
  } catch {
    return {}
  }
}

/** The name of a fault, and its status; its message may hold what was said. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { statusCode } = error as { statusCode?: unknown }
  return typeof statusCode === 'number' ? `http_${statusCode}` : error.name
}

/** A model must hear somebody first: an agent that speaks first answers silence. */
function promptOf(system: string, messages: readonly Message[]): Words[] {
  const words = messages.map(wordOf)
  const hasHeard = words.some(({ role }) => role === 'user')
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...words,
    ...(hasHeard ? [] : [wordOf({ role: 'user', text: '[the caller is on the line]' })]),
  ]
}

function wordOf(message: Message): Words {
  const said = (text: string) => (text === '' ? [] : [{ type: 'text' as const, text }])
  switch (message.role) {
    case 'user':
      return { role: 'user', content: said(message.text) }
    case 'agent': {
      const { text, calls } = message
      const asked = calls.map(({ id: toolCallId, name: toolName, input }) => {
        return { type: 'tool-call' as const, toolCallId, toolName, input }
      })
      return { role: 'assistant', content: [...said(text), ...asked] }
    }
    case 'tool': {
      const { id: toolCallId, name: toolName, result } = message
      const output = { type: 'text' as const, value: result }
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] }
    }
  }
}
