import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Change } from '../changes/change.ts'
import { systemClock } from '../system-clock.ts'
import { createStreams, type Streams } from './stream.ts'

let streams: Streams
let publish: (change: Change) => void
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost')
  const lastEventId = searchParams.get('after') ?? undefined
  streams.open(response, { workspaceId: 'w', topics: ['calls'], lastEventId })
})

beforeEach(async () => {
  const listeners = new Set<(change: Change) => void>()
  publish = (change) => listeners.forEach((listen) => listen(change))
  const subscribe = (listen: (change: Change) => void): (() => void) => {
    listeners.add(listen)
    return () => void listeners.delete(listen)
  }
  streams = createStreams({ changes: { subscribe }, clock: systemClock })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  streams.close()
  server.close()
})

test('over a real socket: the head, a change, the end with the server (S4)', async () => {
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  publish({ topic: 'calls', workspaceId: 'w', id: 'a', callId: 'a' })
  let text = ''
  while (!text.includes('"call_id":"a"')) text += (await reader?.read())?.value ?? ''
  expect(text).toMatch(/^retry: 2000\n\n: \nid: \d+\n\nid: \d+\nevent: change\ndata: \{.*\}\n\n$/)
  const closed = once(server.close(), 'close')
  streams.close()
  await closed
  expect(await reader?.read()).toMatchObject({ done: true })
})

test('a reader that hangs up is forgotten', async () => {
  const { port } = server.address() as AddressInfo
  const gone = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: gone.signal })
  expect(streams.count).toBe(1)
  const response = answer.body?.getReader().read()
  await response
  gone.abort()
  while (streams.count > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(streams.count).toBe(0)
})
