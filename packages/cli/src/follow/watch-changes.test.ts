import { once } from 'node:events'
// A server, and no client.
// oxlint-disable-next-line no-restricted-imports
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { watchChanges } from './watch-changes.ts'

const LONG_MS = 60_000

test('a wait is over at a change, also one that came in two pieces or between waits (W2)', async () => {
  const opened: { response: ServerResponse; url: string; key: string }[] = []
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    opened.push({ response, url: request.url ?? '', key: request.headers.authorization ?? '' })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = new AbortController()
  const watch = watchChanges({
    url: `http://127.0.0.1:${port}`,
    key: 'bk_key',
    topics: ['runs', 'calls'],
    signal: stop.signal,
  })
  await watch.next(LONG_MS)
  const [stream] = opened
  expect(stream).toMatchObject({ url: '/api/v1/stream?topics=runs,calls', key: 'Bearer bk_key' })
  const waited = watch.next(LONG_MS)
  stream?.response.write('id: 1\neve')
  stream?.response.write('nt: change\ndata: {}\n\n')
  await waited
  stop.abort()
  // Called off, nothing is waited for.
  await watch.next(LONG_MS)
  server.closeAllConnections()
  server.close()
})
