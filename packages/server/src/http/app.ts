// The HTTP server: every route of the contract's table, each the same way.
//
//   request ─▶ limits ─▶ JSON ─▶ key or session, scope ─▶ schemas ─▶ handler ─▶ JSON
//                 └────────── any refusal ─▶ problem document ◀──────────┘
//
// E1. Bad input is a 4xx that names the field; it never reaches the database, and never becomes a 5xx.
// E2. A database that is away is a 503 with `Retry-After`, never a hang.
// E3. Nothing of an error of ours leaves but its request id.

import { problems, routeList } from '@bookend/contract'
import type { Clock } from '@bookend/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import { maskAnswer } from '../people/mask-answer.ts'
import { DatabaseAwayError, isAway } from '../store/database.ts'
import { isAudited, type Audited } from './audited.ts'
import type { Access, Handlers } from './handlers.ts'
import type { Authenticator } from './authenticate.ts'
import { findAmbiguity } from './ambiguous-request.ts'
import { answerUnreadable } from './unreadable-request.ts'
import { FailedKeys } from './failed-keys.ts'
import type { Idempotency } from './idempotency.ts'
import { parseRequest } from './parse-request.ts'
import { ProblemError, renderProblem } from './problem.ts'

const BODY_BYTES_MAX = 1_048_576
const HEADERS_MS = 10_000
const REQUEST_MS = 15_000
const CHECK_MS = 1_000
const CONNECTIONS_MAX = 20_000
const RETRY_AFTER_S = '1'
export const apiPrefix = '/api/v1'

export interface AppOptions {
  readonly handlers: Handlers
  readonly authenticator: Authenticator
  readonly idempotency: Idempotency
  readonly audited: Audited
  readonly clock: Clock
  readonly log: Log
  readonly onAnswer: (route: string, status: number, durationMs: number) => void
}

/** Not yet listening; other modules add their routes first. */
export function createApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    // Node looks for those who are late every 30 s, and would let them be late for as long.
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: CHECK_MS },
    forceCloseConnections: 'idle',
    logger: false,
    clientErrorHandler: answerUnreadable,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    exposeHeadRoutes: false,
  })
  app.server.maxConnections = CONNECTIONS_MAX
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', ({ raw, headers }, reply, done) => {
    const ambiguity = findAmbiguity(raw)
    if (ambiguity !== null) {
      // What comes behind it on this connection may not be what its sender thinks.
      reply.header('connection', 'close')
      done(new ProblemError('bad_request', ambiguity))
    } else if (headers['content-encoding'] !== undefined) {
      done(new ProblemError('unsupported_media_type', 'A compressed body is not accepted'))
    } else done()
  })
  // Closing ends idle connections once, at its begin. One that is busy then would stay open for as
  // long as its client likes, and the end with it (F34): its answer says that it is the last.
  let isClosing = false
  app.addHook('preClose', async () => void (isClosing = true))
  app.addHook('onSend', ({ url }, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff')
    // Answers hold a person's data, and some of them a secret, once.
    if (url.startsWith(apiPrefix)) reply.header('cache-control', 'no-store')
    if (isClosing) reply.header('connection', 'close')
    done(null, payload)
  })
  const refusing = { log: options.log, failedKeys: new FailedKeys(options.clock) }
  app.setErrorHandler((error, request, reply) => sendProblem(refusing, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(refusing, noRoute(request), request, reply),
  )
  app.addHook('onResponse', ({ routeOptions: { url = 'none' } }, reply, done) => {
    options.onAnswer(url, reply.statusCode, reply.elapsedTime)
    done()
  })
  for (const route of routeList) register(app, route, options)
  return app
}

function register(
  app: FastifyInstance,
  route: (typeof routeList)[number],
  { handlers, authenticator, idempotency, audited, clock }: AppOptions,
): void {
  const isInLog = isAudited(route)
  const handler = handlers[route.name] as (request: object) => Promise<unknown>
  app.route({
    method: route.method,
    url: apiPrefix + route.path.replace(/\{(\w+)\}/g, ':$1'),
    async handler(request, reply) {
      const receivedAtMs = clock.monotonicMs()
      const asking = accessOf(authenticator, route.scope, request)
      const access = asking instanceof Promise ? await asking : asking
      const parsed = parseRequest(route, request)
      const setHeader = (name: string, value: string): void => void reply.header(name, value)
      const asked = { headers: request.headers, receivedAtMs, setHeader }
      const handle = (): Promise<unknown> => handler({ ...parsed, access, asked })
      const inLog = (): Promise<unknown> => {
        const { ip, id: requestId, body, headers } = request
        const isSession = headers.authorization === undefined
        const told = { route, access, isSession, params: parsed.params, body, ip, requestId }
        return audited.around(told, handle)
      }
      // Inside of what an Idempotency-Key repeats: what is answered from memory was done once.
      const run = isInLog ? inLog : handle
      const answer =
        route.method === 'POST' && route.status === 201 && route.name !== 'createSession'
          ? await idempotency.once(route.name, access.workspaceId, request, run)
          : await run()
      // Given back, not sent from here: whoever waits for a reply listens for its connection's end.
      reply.code(route.status).type('application/json')
      return render(access.isMasked ? maskAnswer(route.name, answer) : answer)
    },
  })
}

const render = (answer: unknown): string => (answer === undefined ? '' : JSON.stringify(answer))

const nobody: Access = {
  workspaceId: '',
  scopes: [],
  keyId: '',
  keyLabel: '',
  personId: null,
  isMasked: false,
}

function accessOf(
  authenticator: Authenticator,
  scope: (typeof routeList)[number]['scope'],
  { method, headers, host }: FastifyRequest,
): Promise<Access> | Access {
  return scope === null ? nobody : authenticator.authenticate({ method, headers, host }, scope)
}

const patterns = routeList.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${apiPrefix}${path.replace(/\{\w+\}/g, '[^/]+')}/?$`),
}))

function noRoute({ method, url }: FastifyRequest): ProblemError {
  const [path = ''] = url.split('?')
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map((route) => route.method)
  if (methods.length === 0) return new ProblemError('not_found', 'There is nothing at this address')
  return new ProblemError(
    'method_not_allowed',
    `${method} is not offered here; ${methods.join(', ')} is`,
  )
}

/** Fastify's own refusals, by its codes. */
const PROBLEM_OF: Readonly<Record<string, ProblemError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new ProblemError('too_large', 'A body may have at most 1 MiB'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new ProblemError(
    'unsupported_media_type',
    'Send the body as application/json',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: new ProblemError('not_json', 'The body is empty'),
  FST_ERR_CTP_INVALID_JSON_BODY: new ProblemError('not_json', 'The body is not valid JSON'),
}

function asProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error
  if (error instanceof DatabaseAwayError || isAway(error)) {
    return new ProblemError('database_away', 'The database cannot be reached; try again shortly')
  }
  if (!(error instanceof Error)) return null
  const known = 'code' in error ? PROBLEM_OF[String(error.code)] : undefined
  if (known !== undefined) return known
  if (error instanceof SyntaxError)
    return new ProblemError('not_json', 'The body is not valid JSON')
  const status = 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500
    ? new ProblemError('bad_request', 'The request cannot be read')
    : null
}

/** A request without a key guesses at none. */
function triesKey({ method, url, headers }: FastifyRequest): boolean {
  return (
    headers.authorization !== undefined || (method === 'POST' && url === `${apiPrefix}/session`)
  )
}

function sendProblem(
  { log, failedKeys }: { readonly log: Log; readonly failedKeys: FailedKeys },
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  let problem = asProblem(error)
  if (problem === null) {
    log.error({ err: error, requestId: request.id, method: request.method }, 'request failed')
    problem = new ProblemError(
      'internal',
      'Something went wrong; the log has it by this request id',
    )
  }
  let retryAfterS = RETRY_AFTER_S
  if (problem.code === 'unauthenticated' && triesKey(request)) {
    const waitS = failedKeys.note(request.socket.remoteAddress ?? '')
    if (waitS > 0) {
      problem = new ProblemError('too_many_requests', 'Too many wrong keys came from this address')
      retryAfterS = String(waitS)
    }
  }
  const { status } = problems[problem.code]
  if (status === 503 || status === 429) reply.header('retry-after', retryAfterS)
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify(renderProblem(problem, request.id)))
}
