// `POST /workflows/{name}/pre-call`: workflows of ours as endpoints of others, at the root.
//
//   token ─▶ whose, which workflow ─▶ body, as it comes ─▶ serveWorkflow ─▶ 200
//
// O1. Without the workflow's own token: 401, the same whatever is wrong, and the body is not read.
// O2. With it: always 200 and always inside the budget, also for a body that is late, too large,
//     compressed or no JSON; the run says what was wrong.

import type { PreCallFailure } from '@bookend/contract'
import { WORKFLOW_NAME } from '@bookend/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReadBody, ServeParts } from '../precall/serve-workflow.ts'
import { patienceFor, serveWorkflow } from '../precall/serve-workflow.ts'
import type { TokenInMemory } from '../store/postgres/workflow-tokens.ts'
import { hashWorkflowToken } from '../store/postgres/workflow-tokens.ts'
import { ProblemError } from './problem.ts'
import { type BodyFault, readBody } from './read-body.ts'

export const BUDGET_HEADER = 'x-bookend-budget-ms'
export const REPEAT_HEADER = 'x-bookend-repeat'
const BODY_BYTES_MAX = 65_536
const BUDGET_MS = /^\d{1,6}$/

type HostedRequest = FastifyRequest<{ Params: { name: string } }>

export function addHosted(app: FastifyInstance, parts: ServeParts): void {
  const { clock } = parts

  async function answer(
    { headers, params }: HostedRequest,
    reply: FastifyReply,
    readIn: (withinMs: number) => Promise<ReadBody>,
  ): Promise<FastifyReply> {
    const receivedAtMs = clock.monotonicMs()
    const { workspaceId, workflow } = authenticate(parts, params.name, headers.authorization)
    const patience = patienceFor(parts, workflow, parseBudget(headers[BUDGET_HEADER]))
    const body = await readIn(patience.budgetMs)
    const request = { workspaceId, workflow, body, receivedAtMs, patience }
    const served = await serveWorkflow(parts, request)
    if (served.isRepeat) reply.header(REPEAT_HEADER, '1')
    // What is left of a body that was given up on would be read as the next request.
    if (body.kind === 'refused') reply.header('connection', 'close')
    return await reply.code(200).type('application/json').send(JSON.stringify(served.answer))
  }

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.setErrorHandler<Error>(async (error, request, reply) => {
      if (error instanceof ProblemError && error.code !== 'unsupported_media_type') throw error
      const refused = refuse('not_json', 'The body is compressed, or of no type that can be read')
      return await answer(request as HostedRequest, reply, async () => refused)
    })
    scope.post('/workflows/:name/pre-call', async (request: HostedRequest, reply) => {
      return await answer(request, reply, async (withinMs) => {
        const limits = { bytesMax: BODY_BYTES_MAX, withinMs }
        const read = await readBody(clock, request.raw, limits)
        if (read.kind === 'read') return read
        const [failure, error] = FAULTS[read.fault]
        return refuse(failure, error)
      })
    })
  })
}

const refuse = (failure: PreCallFailure, error: string): ReadBody => ({
  kind: 'refused',
  failure,
  error,
})

const FAULTS = {
  too_large: ['too_large', `The body has more than ${BODY_BYTES_MAX} bytes`],
  timeout: ['timeout', 'The body did not come in time'],
  aborted: ['invalid_request', 'The request broke off'],
} as const satisfies Record<BodyFault, readonly [PreCallFailure, string]>

function authenticate(
  { snapshot, clock }: ServeParts,
  name: string,
  authorization: string | undefined,
): TokenInMemory {
  const given = authorization?.replace(/^Bearer +/i, '').trim() ?? ''
  const token = given === '' ? undefined : snapshot.findWorkflowToken(hashWorkflowToken(given))
  const isValid = token?.validUntil === null || (token?.validUntil ?? 0) > clock.now()
  if (token !== undefined && isValid && WORKFLOW_NAME.test(name) && token.workflow === name) {
    return token
  }
  throw new ProblemError(
    'unauthenticated',
    'Send the token of this workflow as "Authorization: Bearer wt_…"',
  )
}

/** Null: none, or nothing that can be one. */
function parseBudget(header: string | string[] | undefined): number | null {
  const budgetMs = typeof header === 'string' && BUDGET_MS.test(header) ? Number(header) : 0
  return budgetMs > 0 ? budgetMs : null
}
