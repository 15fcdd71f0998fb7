// What an agent answers on a call in writing, as it comes: server-sent events of a POST, which a
// browser's EventSource cannot ask for.

import type { Problem, TalkEvent } from '@bookend/contract'
import { ApiError, type ClientOptions } from './client.ts'

export interface Sentence {
  readonly callId: string
  readonly text: string
  readonly signal?: AbortSignal
}

/**
 * Ends with `done`, or with `ended` before it; an answer that breaks off has neither.
 *
 * @throws {ApiError} Nothing can be said on this call. Network faults are thrown as `fetch` gives them.
 */
export async function* sayOnCall(
  { baseUrl, key, fetch = globalThis.fetch }: ClientOptions,
  { callId, text, signal }: Sentence,
): AsyncGenerator<TalkEvent> {
  const url = new URL(`api/v1/calls/${callId}/say`, baseUrl.replace(/\/*$/, '/'))
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ text }),
    ...(signal === undefined ? {} : { signal }),
  })
  if (!answer.ok || answer.body === null) {
    const problem = await answer.json().catch(() => null)
    throw new ApiError(answer.status, problem as Problem | null)
  }
  yield* readTalk(answer.body)
}

async function* readTalk(body: ReadableStream<Uint8Array>): AsyncGenerator<TalkEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
        if (data !== undefined) yield { event, data: JSON.parse(data) as unknown } as TalkEvent
      }
    }
  } finally {
    // Whoever stops listening in the middle interrupts the agent.
    await reader.cancel().catch(() => undefined)
  }
}
