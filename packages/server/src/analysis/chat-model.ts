// A language model behind an OpenAI-compatible endpoint: `POST {base}/chat/completions`, with the
// answer held to a JSON schema.
//
// C1. The key goes to the configured base and nowhere else: an agent may name another model, not
//     another place.
// C2. Nothing of a question or an answer is logged, and no fault carries any of it.

import { classifyHttp, type Clock, type HttpPort } from '@bookend/core'
import type { LanguageModel, ModelReply, ModelUsage } from '@bookend/core/analysis'
import { z } from 'zod'

export interface ModelSettings {
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** Null for one that asks for none. */
  readonly apiKey: string | null
  readonly name: string
  /** US dollars for a million tokens; null: not known. */
  readonly prices: { readonly input: number; readonly output: number } | null
}

const ANSWER_MAX_BYTES = 1_048_576
const MILLION = 1_000_000

const count = z.number().int().min(0).catch(0)
const Completion = z.object({
  model: z.string().max(200).optional().catch(undefined),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      // Said by gateways that know their prices.
      cost: z.number().min(0).optional().catch(undefined),
    })
    .nullish()
    .catch(null),
})
type Completion = z.infer<typeof Completion>

export function createChatModel(
  { baseUrl, apiKey, name, prices }: ModelSettings,
  { outgoing, clock }: { readonly outgoing: HttpPort; readonly clock: Clock },
): LanguageModel {
  return {
    async complete(question) {
      const { schema, temperature, timeoutMs, signal } = question
      const model = question.model ?? name
      const result = await outgoing.send({
        method: 'POST',
        url: `${baseUrl}/chat/completions`,
        headers: {
          'content-type': 'application/json',
          ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify({
          model,
          messages: [
            { role: 'system', content: question.system },
            { role: 'user', content: question.user },
          ],
          max_completion_tokens: question.maxOutputTokens,
          ...(temperature === undefined ? {} : { temperature }),
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', strict: true, schema },
          },
        }),
        totalMs: timeoutMs,
        maxBodyBytes: ANSWER_MAX_BYTES,
        signal,
        // Asking twice costs twice, and does nothing else.
        effect: 'read',
      })
      const verdict = classifyHttp(result, 'read', clock.now())
      if (verdict.kind !== 'ok') return { kind: 'fault', verdict }
      const body = result.kind === 'answered' ? parseJson(result.body) : undefined
      const { success, data } = Completion.safeParse(body)
      if (!success) return { kind: 'invalid', usage: null, model }
      const usage = usageOf(data, prices)
      return readChoice(data, usage, data.model ?? model)
    },
  }
}

function readChoice(
  { choices: [choice] }: Completion,
  usage: ModelUsage | null,
  model: string,
): ModelReply {
  const { finish_reason: reason, message } = choice ?? {}
  const isRefused = typeof message?.refusal === 'string' && message.refusal !== ''
  if (isRefused || reason === 'content_filter') return { kind: 'refused', usage, model }
  if (reason === 'length') return { kind: 'cut', usage, model }
  const output = parseJson(message?.content ?? '')
  return output === undefined
    ? { kind: 'invalid', usage, model }
    : { kind: 'answered', output, usage, model }
}

function usageOf({ usage }: Completion, prices: ModelSettings['prices']): ModelUsage | null {
  if (usage === undefined || usage === null) return null
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens, cost } = usage
  const priced =
    prices === null ? null : (inputTokens * prices.input + outputTokens * prices.output) / MILLION
  return { inputTokens, outputTokens, cost: cost ?? priced }
}

/** Undefined for what is none. */
function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text)) as unknown
  } catch {
    return undefined
  }
}
