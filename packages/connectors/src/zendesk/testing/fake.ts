// Zendesk's users, tickets and comments as far as the connector uses them: idempotency keys, updates
// that name the state they saw, and a search whose index lags behind what was written.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

type Values = Record<string, unknown>

export interface FakeUser extends Values {
  readonly id: number
  readonly name: string
}

export interface FakeTicket extends Values {
  readonly id: number
  readonly status: string
}

export interface FakeComment {
  readonly id: number
  readonly body: string
  readonly html_body: string
  readonly public: boolean
}

export interface FakeZendesk extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly kind: 'token'; readonly email: string; readonly token: string }
  readonly settings: (url: string) => Record<string, unknown>
  /** A record that has long been there. */
  readonly seedUser: (values: Values) => FakeUser
  readonly seedTicket: (values: Values) => FakeTicket
  readonly users: () => readonly FakeUser[]
  readonly tickets: () => readonly FakeTicket[]
  readonly commentsOf: (ticket: FakeTicket) => readonly FakeComment[]
  readonly commentCount: () => number
  /** From now on searches see who was there before, and nobody later. */
  readonly stopIndex: () => void
  /** Hours pass. */
  readonly forgetKeys: () => void
}

const EMAIL = 'agent@example.com'
const TOKEN = 'zd-api-token-canary-0001'
const FIRST_ID = 900_012_345_000

export async function openFakeZendesk(): Promise<FakeZendesk> {
  const users = new Map<number, FakeUser>()
  const tickets = new Map<number, FakeTicket>()
  const comments = new Map<number, FakeComment[]>()
  const keys = new Map<string, { readonly text: string; readonly ticket: number }>()
  let indexed: readonly FakeUser[] | null = null
  let lastId = FIRST_ID
  let ticks = Date.parse('2026-01-05T09:00:00Z')

  const nextId = (): number => (lastId += 1)
  const tick = (): string => new Date((ticks += 1_000)).toISOString()

  function saveUser(old: FakeUser | undefined, values: Values): FakeUser {
    const at = tick()
    const base = old ?? { id: nextId(), active: true, role: 'end-user', created_at: at, name: '' }
    const { skip_verify_email: _, ...own } = values
    const made: FakeUser = { ...base, ...own, updated_at: at }
    users.set(made.id, made)
    return made
  }

  function saveTicket(old: FakeTicket | undefined, values: Values): FakeTicket {
    const at = tick()
    const base = old ?? { id: nextId(), status: 'open', created_at: at }
    const {
      comment: _,
      safe_update: __,
      updated_stamp: ___,
      via_followup_source_id: ____,
      ...own
    } = values
    const made: FakeTicket = { ...base, ...own, updated_at: at }
    tickets.set(made.id, made)
    return made
  }

  function addComment(
    ticket: FakeTicket,
    { html_body: html, body, ...values }: Values,
  ): FakeComment {
    const markup = typeof html === 'string' ? html : String(body)
    const made: FakeComment = {
      id: nextId(),
      body: plain(markup),
      html_body: markup,
      public: values['public'] !== false,
    }
    comments.set(ticket.id, [made, ...(comments.get(ticket.id) ?? [])])
    return made
  }

  function handle(request: VendorRequest): VendorAnswer {
    const basic = Buffer.from(`${EMAIL}/token:${TOKEN}`).toString('base64')
    const given = request.headers['authorization']
    if (given !== `Basic ${basic}` && given !== `Bearer ${TOKEN}`) {
      return { status: 401, body: { error: 'Couldn’t authenticate you' } }
    }
    const [, , noun = '', ...rest] = request.segments.map((own) => own.replace(/\.json$/, ''))
    switch (noun) {
      case 'groups':
        return ok({ groups: [{ id: 1, name: 'Support' }] })
      case 'users':
        return handleUsers(request, rest)
      case 'tickets':
        return handleTickets(request, rest)
      default:
        return refuse(404, 'RecordNotFound')
    }
  }

  function handleUsers(request: VendorRequest, [id = '', below]: readonly string[]): VendorAnswer {
    if (id === 'search') return ok({ users: search(request.query) })
    const { user: values = {} } = (request.body ?? {}) as { readonly user?: Values }
    if (id === 'create_or_update') {
      const old = [...users.values()].find(
        (one) =>
          (values['external_id'] !== undefined && one['external_id'] === values['external_id']) ||
          (values['email'] !== undefined && one['email'] === values['email']),
      )
      return { status: old === undefined ? 201 : 200, body: { user: saveUser(old, values) } }
    }
    if (id === '' && request.method === 'POST') {
      return { status: 201, body: { user: saveUser(undefined, values) } }
    }
    const found = users.get(Number(id))
    if (found === undefined) return refuse(404, 'RecordNotFound')
    if (below === 'tickets') {
      return ok({
        tickets: [...tickets.values()].filter((one) => one['requester_id'] === found.id),
      })
    }
    return ok({ user: request.method === 'PUT' ? saveUser(found, values) : found })
  }

  function search(query: URLSearchParams): readonly FakeUser[] {
    const seen = indexed ?? [...users.values()]
    const externalId = query.get('external_id')
    if (externalId !== null) return seen.filter((one) => one['external_id'] === externalId)
    const [, tail] = /^phone:\*(\d+)$/.exec(query.get('query') ?? '') ?? []
    const [, email] = /^email:"([^"]+)"$/.exec(query.get('query') ?? '') ?? []
    return seen.filter((one) =>
      tail === undefined
        ? textOf(one['email']).toLowerCase() === email?.toLowerCase()
        : textOf(one['phone']).replaceAll(/\D/g, '').endsWith(tail),
    )
  }

  function handleTickets(
    request: VendorRequest,
    [id = '', below]: readonly string[],
  ): VendorAnswer {
    const { ticket: values = {} } = (request.body ?? {}) as { readonly ticket?: Values }
    if (id === '' && request.method === 'POST') return createTicket(request, values)
    if (id === '') {
      const externalId = request.query.get('external_id')
      return ok({
        tickets: [...tickets.values()].filter((one) => one['external_id'] === externalId),
      })
    }
    const found = tickets.get(Number(id))
    if (found === undefined) return refuse(404, 'RecordNotFound')
    if (below === 'comments') return ok({ comments: comments.get(found.id) ?? [] })
    return request.method === 'PUT' ? updateTicket(found, values) : ok({ ticket: found })
  }

  function createTicket(request: VendorRequest, values: Values): VendorAnswer {
    const key = request.headers['idempotency-key']
    const known = key === undefined ? undefined : keys.get(key)
    if (known !== undefined && known.text !== request.text) {
      return refuse(400, 'IdempotentRequestError')
    }
    const made = known === undefined ? saveTicket(undefined, values) : tickets.get(known.ticket)
    if (made === undefined) return refuse(404, 'RecordNotFound')
    if (known === undefined) {
      addComment(made, (values['comment'] ?? {}) as Values)
      if (key !== undefined) keys.set(key, { text: request.text, ticket: made.id })
    }
    const lookup = known === undefined ? 'miss' : 'hit'
    return { status: 201, headers: { 'x-idempotency-lookup': lookup }, body: { ticket: made } }
  }

  function updateTicket(found: FakeTicket, values: Values): VendorAnswer {
    if (found.status === 'closed') {
      const description = 'Status: closed prevents ticket update'
      return refuse(422, 'RecordInvalid', { status: [{ description }] })
    }
    if (values['safe_update'] === true && values['updated_stamp'] !== found['updated_at']) {
      return refuse(409, 'UpdateConflict')
    }
    const ticket = saveTicket(found, values)
    const comment = values['comment'] as Values | undefined
    const events =
      comment === undefined ? [] : [{ ...addComment(ticket, comment), type: 'Comment' }]
    return ok({ ticket, audit: { id: nextId(), events } })
  }

  const vendor = await openFakeVendor({
    handle,
    description: readDescription('zendesk', { isOther: ({ path }) => path.endsWith('.json') }),
  })
  return {
    vendor,
    auth: { kind: 'token', email: EMAIL, token: TOKEN },
    settings: (url) => ({ subdomain: 'acme', base_url: url }),
    seedUser: (values) => saveUser(undefined, { name: 'Ada Lovelace', ...values }),
    seedTicket: (values) => saveTicket(undefined, { subject: 'Late', ...values }),
    users: () => [...users.values()],
    tickets: () => [...tickets.values()],
    commentsOf: ({ id }) => comments.get(id) ?? [],
    commentCount: () => [...comments.values()].flat().length,
    stopIndex() {
      indexed = [...users.values()]
    },
    forgetKeys: () => keys.clear(),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const ok = (body: unknown): VendorAnswer => ({ status: 200, body })

const refuse = (status: number, error: string, details: unknown = {}): VendorAnswer => ({
  status,
  body: { error, description: `It says: ${error}`, details },
})

const plain = (html: string): string =>
  html.replaceAll('<br>', '\n').replaceAll(/&[a-z#0-9]+;/g, '?')
