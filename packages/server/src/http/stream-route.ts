// `GET /api/v1/stream`, outside the table of routes: its answer is no JSON and does not end.

import type { Clock } from '@bookend/core'
import type { FastifyInstance } from 'fastify'
import type { Changes } from '../changes/changes.ts'
import { apiPrefix } from './app.ts'
import type { Authenticator } from './authenticate.ts'
import { invalid, ProblemError } from './problem.ts'
import { createStreams, parseTopics, streamTopics, type Streams } from './stream.ts'

export function addStream(
  app: FastifyInstance,
  options: { authenticator: Authenticator; changes: Changes; clock: Clock },
): Streams {
  const { authenticator } = options
  const streams = createStreams(options)
  app.get<{ Querystring: { topics?: string } }>(`${apiPrefix}/stream`, async (request, reply) => {
    const { method, headers, host, query } = request
    const { workspaceId } = await authenticator.authenticate({ method, headers, host }, 'read')
    const topics = parseTopics(query.topics)
    if (topics === null) throw invalid('topics', `must name some of ${streamTopics.join(', ')}`)
    const given = headers['last-event-id']
    const lastEventId = typeof given === 'string' ? given : undefined
    reply.hijack()
    if (streams.open(reply.raw, { workspaceId, topics, lastEventId }) !== null) return
    // Fastify has let go of the answer, so the refusal is written here.
    reply.raw.writeHead(503, { 'retry-after': '5', 'content-type': 'application/problem+json' })
    const problem = new ProblemError('overloaded', 'There are too many streams; poll for a while')
    reply.raw.end(JSON.stringify({ code: problem.code, status: 503, detail: problem.message }))
  })
  return streams
}
