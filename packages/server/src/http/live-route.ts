// `GET /api/v1/calls/{id}/live`, outside the table of routes: its answer is no JSON.

import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { readLiveCall } from '../store/postgres/live-call.ts'
import { apiPrefix } from './app.ts'
import { findYoung } from './find-young.ts'
import { createLiveStreams, parseRevision, type LiveRequest, type LiveStreams } from './live.ts'
import { notFound, ProblemError } from './problem.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function addLive(app: FastifyInstance, context: Context): LiveStreams {
  const { authenticator, reads, changes, clock } = context
  const read = ({ workspaceId, callId, after }: LiveRequest) =>
    readLiveCall(reads, workspaceId, callId, after)
  const streams = createLiveStreams({ changes, clock, read })
  app.get<{ Params: { id: string } }>(`${apiPrefix}/calls/:id/live`, async (request, reply) => {
    const { method, headers, host, params } = request
    const { workspaceId, isMasked } = await authenticator.authenticate(
      { method, headers, host },
      'read',
    )
    if (isMasked) throw new ProblemError('forbidden', 'What is said is masked for you')
    if (!UUID.test(params.id)) throw notFound('call')
    const callId = params.id.toLowerCase()
    const lastEventId = headers['last-event-id']
    const wanted = { workspaceId, callId, after: parseRevision(lastEventId) }
    const call = await findYoung(context, callId, () => read(wanted))
    if (call === null) throw notFound('call')
    // A browser comes again after every end; this is how it is told that there is nothing more.
    const hasAll = lastEventId !== undefined && call.entries.length === 0
    if (call.endedAt !== null && hasAll) return await reply.code(204).send()
    reply.hijack()
    if (streams.open(reply.raw, wanted) !== null) return reply
    // Fastify has let go of the answer, so the refusal is written here.
    reply.raw.writeHead(503, { 'retry-after': '5', 'content-type': 'application/problem+json' })
    const problem = new ProblemError('overloaded', 'There are too many streams; poll for a while')
    reply.raw.end(JSON.stringify({ code: problem.code, status: 503, detail: problem.message }))
    return reply
  })
  return streams
}
