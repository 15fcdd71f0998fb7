// `POST /api/v1/calls/{id}/say`, outside the table of routes: its answer is a stream of events.

import { CallSay, type TalkEvent } from '@bookend/contract'
import type { FastifyInstance } from 'fastify'
import type { TextTalk } from '../agent/text-talk/text-talk.ts'
import type { Authenticator } from './authenticate.ts'
import { apiPrefix } from './app.ts'
import { parseRequest } from './parse-request.ts'
import { notFound, ProblemError } from './problem.ts'
import { eventStreamHead } from './stream.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface SayParts {
  readonly authenticator: Authenticator
  readonly talk: TextTalk
}

export function addSay(app: FastifyInstance, { authenticator, talk }: SayParts): void {
  app.post<{ Params: { id: string } }>(`${apiPrefix}/calls/:id/say`, async (request, reply) => {
    const { method, headers, host, params } = request
    const access = await authenticator.authenticate({ method, headers, host }, 'calls')
    if (access.isMasked) throw new ProblemError('forbidden', 'What is said is masked for you')
    const { workspaceId } = access
    if (!UUID.test(params.id)) throw notFound('call')
    const parsed = parseRequest({ body: CallSay }, { params, query: {}, body: request.body })
    const { text } = parsed.body as CallSay
    const answering = await talk.say({ workspaceId, callId: params.id.toLowerCase(), text })
    reply.hijack()
    const { raw } = reply
    // Whoever goes away in the middle has heard so much, and no more.
    raw.on('close', () => answering.interrupt())
    raw.on('error', () => undefined)
    raw.writeHead(200, eventStreamHead)
    raw.flushHeaders()
    const write = ({ event, data }: TalkEvent): void => {
      if (!raw.destroyed) raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    try {
      await answering.listen(write)
      raw.end()
    } catch {
      // What was said could not be stored: without `done`, the reader knows.
      raw.destroy()
    }
    return reply
  })
}
