// A subscriber that takes everything, and tells on request when each event came first: by the
// machine's clock, which all processes of a run share.

import { createServer } from 'node:http'
import { listen } from '../../precall/peers/listen.ts'

const heard = new Map<string, number>()

await listen(
  createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/count') {
      response.end(String(heard.size))
      return
    }
    if (request.method === 'GET') {
      response.end(JSON.stringify(Object.fromEntries(heard)))
      heard.clear()
      return
    }
    const id = String(request.headers['webhook-id'])
    if (!heard.has(id)) heard.set(id, Date.now())
    request.resume()
    request.on('end', () => response.writeHead(204).end())
  }),
)
