// A pre-call endpoint as a careful developer writes it: Fastify, a bearer token, a checked body,
// lookups with a time-out and a default each, checked answers, a rendered prompt.

import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { Pool } from 'undici'
import { z } from 'zod'

const LOOKUP_MS = 2_000
const PROMPT = 'You speak with {{customer_name}}, plan {{plan}}, {{open_tickets}} open tickets.'

const Contact = z.object({ contact: z.object({ first_name: z.string() }) })
const Tickets = z.object({ tickets: z.array(z.object({ id: z.number() })) })
const Account = z.object({ account: z.object({ plan: z.string() }) })

const pool = new Pool(process.env['LOOKUP_URL'] ?? '', { connections: 256, pipelining: 1 })
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const token = digest(`Bearer ${process.env['TOKEN'] ?? ''}`)

async function lookUp<T extends z.ZodType, D>(
  path: string,
  phone: string,
  schema: T,
  fallback: D,
): Promise<z.output<T> | D> {
  try {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: `${path}?phone=${encodeURIComponent(phone)}`,
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(LOOKUP_MS),
    })
    const answer: unknown = await body.json()
    return statusCode === 200 ? schema.parse(answer) : fallback
  } catch {
    return fallback
  }
}

async function threeLookups(phone: string): Promise<Record<string, string | number>> {
  const [contact, tickets, account] = await Promise.all([
    lookUp('/contacts', phone, Contact, null),
    lookUp('/tickets', phone, Tickets, { tickets: [] }),
    lookUp('/account', phone, Account, null),
  ])
  return {
    customer_name: contact?.contact.first_name ?? 'there',
    open_tickets: tickets.tickets.length,
    plan: account?.account.plan ?? 'unknown',
  }
}

const render = (parameters: Record<string, string | number>): string =>
  PROMPT.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(parameters[name] ?? ''))

const schema = {
  body: {
    type: 'object',
    required: ['from_number', 'to_number'],
    additionalProperties: false,
    properties: {
      from_number: { type: 'string', maxLength: 256 },
      to_number: { type: 'string', maxLength: 256 },
      params: { type: 'object' },
    },
  },
} as const

export interface Answered {
  readonly request: { readonly from_number: string }
  readonly answer: object
  readonly tookMs: number
}

/** @param keep Told of each answer; it must not wait. */
export function createByHand(keep: (answered: Answered) => void): FastifyInstance {
  const app = Fastify({ logger: false })

  app.addHook('onRequest', async (request, reply) => {
    const given = digest(request.headers.authorization ?? '')
    if (!timingSafeEqual(given, token)) await reply.code(401).send({ error: 'unauthenticated' })
  })

  app.post<{ Body: { from_number: string } }>('/three-lookups', { schema }, async ({ body }) => {
    const startedAtMs = performance.now()
    const parameters = await threeLookups(body.from_number)
    const answer = { parameters, prompt: render(parameters) }
    keep({ request: body, answer, tookMs: performance.now() - startedAtMs })
    return answer
  })

  app.post<{ Body: { from_number: string } }>('/no-lookups', { schema }, ({ body }) => {
    const startedAtMs = performance.now()
    const parameters = { customer_name: 'Ada', open_tickets: 2, plan: 'gold' }
    const answer = { parameters, prompt: render(parameters) }
    keep({ request: body, answer, tookMs: performance.now() - startedAtMs })
    return answer
  })

  return app
}
