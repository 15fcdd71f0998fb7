// The least that can answer a pre-call request: node:http, undici, JSON, and no care at all. No key,
// no validation, no time-out, no record.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'
import { listen } from './listen.ts'

const pool = new Pool(process.env['LOOKUP_URL'] ?? '', { connections: 256, pipelining: 1 })

async function lookUp(path: string, phone: string): Promise<any> {
  const { body } = await pool.request({
    method: 'GET',
    path: `${path}?phone=${encodeURIComponent(phone)}`,
  })
  return await body.json()
}

async function threeLookups(phone: string): Promise<object> {
  const [{ contact }, { tickets }, { account }] = await Promise.all([
    lookUp('/contacts', phone),
    lookUp('/tickets', phone),
    lookUp('/account', phone),
  ])
  return {
    customer_name: contact.first_name,
    open_tickets: tickets.length,
    plan: account.plan,
  }
}

async function readJson(request: IncomingMessage): Promise<any> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { from_number: phone } = await readJson(request)
  const parameters =
    request.url === '/no-lookups'
      ? { customer_name: 'Ada', open_tickets: 2, plan: 'gold' }
      : await threeLookups(phone)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ parameters }))
}

await listen(createServer((request, response) => void answer(request, response)))
