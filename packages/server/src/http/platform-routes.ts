// `/platforms/{platform}/{connection}/pre-call` and `/events`, at the root: what voice platforms call.
//
//   bytes, as they came ─▶ verified ─▶ read ─▶ pre-call: run, answer │ events: store, acknowledge
//
// V1. What is not verified is a 401; nothing of it is parsed, and nothing of it is stored.
// V2. A pre-call request that is verified and readable is a 200, always (P1).
// V3. A delivery is acknowledged once it is stored; 503 when it could not be, so that it comes again.
// V4. Age is judged by when the request came, never by when it is worked on.

import type { Clock } from '@bookend/core'
import type { Door, PlatformConnection, RawRequest, Verification } from '@bookend/platforms'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../log.ts'
import {
  answerPlatform,
  replyOf,
  type AnswerPlatformParts,
  type PlatformReply,
} from '../platforms/answer-platform.ts'
import type { LivePlatform, LivePlatforms } from '../platforms/live-platforms.ts'
import type { PlatformDoors } from '../platforms/platform-doors.ts'
import type { TakeDelivery } from '../platforms/take-delivery.ts'
import { notFound, ProblemError, renderProblem } from './problem.ts'
import { readBody, type BodyFault } from './read-body.ts'

const PRE_CALL_BYTES_MAX = 1_048_576
/** A whole call with its transcript; what carries audio is not asked for. */
const EVENT_BYTES_MAX = 16 * 1_048_576
const EVENT_BODY_MS = 15_000
export const REPEAT_HEADER = 'x-bookend-repeat'

export interface PlatformRouteParts {
  readonly live: Pick<LivePlatforms, 'find'>
  readonly doors: Pick<PlatformDoors, 'accepted' | 'refused'>
  readonly answer: AnswerPlatformParts
  readonly takeDelivery: TakeDelivery
  readonly clock: Clock
  readonly log: Log
  readonly onRequest?: (platform: string, door: Door, result: DoorResult) => void
}

export type DoorResult = 'answered' | 'repeated' | 'stored' | 'ignored' | 'refused' | 'unreadable'

type PlatformRequest = FastifyRequest<{ Params: { platform: string; connection: string } }>

interface Opened {
  readonly live: LivePlatform
  readonly connection: PlatformConnection
  readonly raw: RawRequest
  readonly receivedAtMs: number
}

export function addPlatforms(app: FastifyInstance, parts: PlatformRouteParts): void {
  const { clock } = parts
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const base = '/platforms/:platform/:connection'
    const method = ['GET', 'POST', 'PUT', 'OPTIONS'] as const
    // The last part of the address may be a token, where a platform can send no other secret.
    for (const end of ['', '/:token']) {
      scope.route({
        method: [...method],
        url: `${base}/pre-call${end}`,
        handler: (request: FastifyRequest, reply) =>
          open('pre-call', request as PlatformRequest, reply, answerPreCall),
      })
      scope.route({
        method: [...method],
        url: `${base}/events${end}`,
        handler: (request: FastifyRequest, reply) =>
          open('events', request as PlatformRequest, reply, takeEvents),
      })
    }
  })

  async function open(
    door: Door,
    request: PlatformRequest,
    reply: FastifyReply,
    serve: (opened: Opened, reply: FastifyReply) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const receivedAtMs = clock.monotonicMs()
    const receivedAt = clock.now()
    const { platform, connection: name } = request.params
    const live = parts.live.find(platform, name)
    if (live === undefined) throw notFound('platform connection')
    const { connection } = live
    if (connection === null) {
      parts.log.warn({ platform: live.label, code: live.unusable }, 'a platform cannot be answered')
      return refuse(request, reply, live, door, { ok: false, why: 'it cannot be used' })
    }
    const isPreCall = door === 'pre-call'
    const body = await readBody(clock, request.raw, {
      bytesMax: isPreCall ? PRE_CALL_BYTES_MAX : EVENT_BYTES_MAX,
      withinMs: isPreCall ? connection.budgetMs : EVENT_BODY_MS,
    })
    if (body.kind === 'fault') {
      // What is left of a body that was given up on would be read as the next request.
      reply.header('connection', 'close')
      throw FAULTS[body.fault]
    }
    const raw: RawRequest = {
      door,
      method: request.method,
      url: request.url,
      headers: flatten(request.headers),
      body: body.bytes,
      received_at: receivedAt.toISOString(),
    }
    const verdict = connection.verify(raw)
    if (!verdict.ok) return refuse(request, reply, live, door, verdict)
    // A portal that asks what settings there are proves nothing.
    if (raw.method !== 'OPTIONS') parts.doors.accepted(live, door)
    return await serve({ live, connection, raw, receivedAtMs }, reply)
  }

  async function answerPreCall(opened: Opened, reply: FastifyReply): Promise<FastifyReply> {
    const { live, connection, raw, receivedAtMs } = opened
    const reading = connection.readPreCall(raw)
    if (reading.kind === 'refused') {
      tell(live, 'pre-call', 'unreadable')
      throw new ProblemError('bad_request', `The request was not read: ${reading.detail}`)
    }
    // Only a call runs a workflow, and only who is verified has one.
    if (reading.kind === 'answer') return await send(reply, replyOf(reading.reply))
    if (raw.method === 'OPTIONS') throw new ProblemError('bad_request', 'OPTIONS asks for no call')
    const { request } = reading
    const { answer, isRepeat } = answerPlatform(parts.answer, {
      live,
      connection,
      request,
      receivedAtMs,
    })
    const made = await answer
    tell(live, 'pre-call', isRepeat ? 'repeated' : 'answered')
    if (isRepeat) reply.header(REPEAT_HEADER, '1')
    return await send(reply, made)
  }

  async function takeEvents(opened: Opened, reply: FastifyReply): Promise<FastifyReply> {
    const { live, connection, raw } = opened
    const reading = connection.readEvents(raw)
    if (reading.kind === 'refused') {
      // An event of the wrong kind is no reason to be sent it again.
      if (reading.why === 'unreadable') {
        tell(live, 'events', 'unreadable')
        throw new ProblemError('bad_request', `The delivery was not read: ${reading.detail}`)
      }
      await parts.takeDelivery({ live, connection, raw, reading: ignoredFor(reading.detail) })
      tell(live, 'events', 'ignored')
      return await reply.code(200).send()
    }
    await parts.takeDelivery({ live, connection, raw, reading })
    tell(live, 'events', reading.ignored === null ? 'stored' : 'ignored')
    if (reading.reply !== null) return await send(reply, replyOf(reading.reply))
    return await reply.code(200).send()
  }

  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    live: LivePlatform,
    door: Door,
    { why, challenge }: Verification & { ok: false },
  ): FastifyReply {
    parts.doors.refused(live, door, why)
    parts.log.warn({ platform: live.label, door, why }, 'a platform request is refused')
    tell(live, door, 'refused')
    if (challenge !== undefined) reply.header('www-authenticate', challenge)
    // Why is for the log: whoever forges learns nothing from it.
    const problem = new ProblemError('unauthenticated', 'The request is not verified')
    return reply
      .code(401)
      .type('application/problem+json')
      .send(JSON.stringify(renderProblem(problem, request.id)))
  }

  function tell({ row }: LivePlatform, door: Door, result: DoorResult): void {
    parts.onRequest?.(row.platform, door, result)
  }
}

async function send(
  reply: FastifyReply,
  { status, headers, text }: PlatformReply,
): Promise<FastifyReply> {
  return await reply.code(status).headers(headers).send(text)
}

const ignoredFor = (why: string) =>
  ({ kind: 'events', events: [], notes: [], ignored: why, reply: null }) as const

/** One value for each name; of several, all, as one list. */
function flatten(headers: FastifyRequest['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

const FAULTS: Readonly<Record<BodyFault, ProblemError>> = {
  too_large: new ProblemError('too_large', 'The body is larger than any that is taken here'),
  timeout: new ProblemError('bad_request', 'The body did not come in time'),
  aborted: new ProblemError('bad_request', 'The request broke off'),
}
