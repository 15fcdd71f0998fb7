// `/receipts/{connector}/{name}`, at the root: where other systems tell what became of an effect.
//
//   bytes, as they came ─▶ verified by the connection ─▶ read ─▶ stored, and their effect ─▶ 204
//
// R1. What is not verified is a 401; nothing of it is stored, and why is for the log alone.
// R2. What is acknowledged is stored; 503 when it could not be, so that it comes again.
// R3. A receipt of nothing that was sent here is acknowledged and left out: the account may send for
//     others as well.

import type { Clock } from '@bookend/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { Log } from '../log.ts'
import { takeReceipts, type TakeReceiptsParts } from '../receipts/take-receipts.ts'
import { notFound, ProblemError } from './problem.ts'
import { readBody } from './read-body.ts'

const BYTES_MAX = 1_048_576
const BODY_MS = 10_000

export interface ReceiptRouteParts extends TakeReceiptsParts {
  readonly connections: Pick<ConnectionRuntime, 'find'>
  /** Whose connections they are. */
  readonly workspaceId: string
  readonly clock: Clock
  readonly log: Log
}

type ReceiptParams = FastifyRequest<{ Params: { connector: string; name: string } }>

export function addReceipts(app: FastifyInstance, parts: ReceiptRouteParts): void {
  const { connections, workspaceId, clock, log } = parts
  void app.register(async (scope) => {
    // The signature is over the bytes.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.post('/receipts/:connector/:name', async (request: ReceiptParams, reply) => {
      const receivedAt = clock.now()
      const { connector, name } = request.params
      const connection = connections.find(`${connector}/${name}`)
      const port = connection?.connector.receipts
      if (connection === undefined || port === undefined) throw notFound('address for receipts')
      const body = await readBody(clock, request.raw, { bytesMax: BYTES_MAX, withinMs: BODY_MS })
      if (body.kind === 'fault') {
        // What is left of it would be read as the next request.
        reply.header('connection', 'close')
        throw new ProblemError('bad_request', 'The body is too large, or did not come whole')
      }
      const { url } = request
      const headers = flatten(request.headers)
      const asked = { url, headers, body: body.bytes, receivedAt }
      const reading =
        connection.unusable === undefined
          ? port.read(asked, connection.settings, connection.auth)
          : ({ ok: false, why: connection.unusable } as const)
      if (!reading.ok) {
        log.warn({ connection: connection.name, why: reading.why }, 'a receipt is refused')
        throw new ProblemError('unauthenticated', 'The request is not verified')
      }
      await takeReceipts(parts, { workspaceId, connection: connection.name }, reading.receipts)
      return await reply.code(204).send()
    })
  })
}

/** One value for each name; of several, the first. */
function flatten(headers: FastifyRequest['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const [first] = Array.isArray(value) ? value : [value]
    if (first !== undefined) flat[name] = first
  }
  return flat
}
