// What an agent answers on a call in writing, as it comes: server-sent events of a POST, which a
// browser's EventSource cannot ask for.

import type { TalkEvent } from '@bookend/contract'
import { ApiError, readProblem } from './api-error.ts'

interface Endpoint {
  readonly baseUrl: string
  readonly key?: string
  readonly fetch: typeof globalThis.fetch
}

export interface Sentence {
  readonly callId: string
  readonly text: string
  readonly signal?: AbortSignal
}

export async function* sayOnCall(
  { baseUrl, key, fetch }: Endpoint,
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
    throw new ApiError(answer.status, await readProblem(answer))
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
