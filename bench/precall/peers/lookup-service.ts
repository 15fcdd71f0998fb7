// The system that the lookups ask: three small JSON documents, each after a set delay.
//
//   PUT /delay/<ms> ─▶ from now on        GET /contacts · /tickets · /account ─▶ delay ─▶ JSON

import { createServer } from 'node:http'
import { listen } from './listen.ts'

const documents: Readonly<Record<string, string>> = {
  '/contacts': JSON.stringify({
    contact: { id: 'c_81', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' },
  }),
  '/tickets': JSON.stringify({
    tickets: [
      { id: 11, subject: 'Cannot sign in', status: 'open', opened_at: '2026-01-12T09:30:00Z' },
      { id: 14, subject: 'Invoice is wrong', status: 'open', opened_at: '2026-01-14T11:00:00Z' },
    ],
  }),
  '/account': JSON.stringify({
    account: { id: 'a_7', plan: 'gold', renews_on: '2026-09-01', balance_cents: 1_250 },
  }),
}

let delayMs = 0

const server = createServer((request, response) => {
  const url = request.url ?? ''
  const [path = ''] = url.split('?', 1)
  if (request.method === 'PUT' && path.startsWith('/delay/')) {
    delayMs = Number(path.slice('/delay/'.length))
    response.end()
    return
  }
  const body = documents[path]
  const answer = (): void => {
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(body ?? '{}')
  }
  if (delayMs === 0) answer()
  else setTimeout(answer, delayMs)
})

await listen(server)
