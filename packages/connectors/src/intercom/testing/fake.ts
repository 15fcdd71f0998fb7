// Intercom's contacts, tickets, notes and conversations as far as the connector uses them: unique
// external ids, and a search whose index lags behind what was written.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

type Values = Readonly<Record<string, unknown>>

export interface FakeRecord extends Values {
  readonly id: string
}

export interface FakeIntercom extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly token: string }
  readonly settings: (url: string) => Record<string, unknown>
  /** A record that has long been there. */
  readonly seed: (table: TableName, values: Values) => FakeRecord
  readonly all: (table: TableName) => readonly FakeRecord[]
  /** From now on searches see what was there before, and nothing later. */
  readonly stopIndex: () => void
  readonly catchUp: () => void
}

type TableName = 'contacts' | 'tickets' | 'conversations' | 'notes' | 'parts'

const TOKEN = 'dG9rOmNhbmFyeS1pbnRlcmNvbS0wMDAx'
const WORKSPACE = 'ecahpwf5'
export const ADMIN = '991267460'
const STATES = { open: '101', pending: '102', solved: '103' } as const

const CATEGORY: Readonly<Record<string, string>> = {
  [STATES.open]: 'submitted',
  [STATES.pending]: 'waiting_on_customer',
  [STATES.solved]: 'resolved',
}

export async function openFakeIntercom(more: Values = {}): Promise<FakeIntercom> {
  const tables = new Map<TableName, Map<string, FakeRecord>>()
  let indexed: ReadonlySet<string> | null = null
  let ticks = 1_767_600_000
  let lastId = 0

  const table = (name: TableName): Map<string, FakeRecord> => {
    const own = tables.get(name) ?? new Map<string, FakeRecord>()
    tables.set(name, own)
    return own
  }
  const save = (name: TableName, old: FakeRecord | undefined, values: Values): FakeRecord => {
    const at = (ticks += 1)
    const id = name === 'contacts' ? newContactId() : String((lastId += 1))
    const saved = { ...(old ?? { id, created_at: at }), ...values, updated_at: at }
    table(name).set(saved.id, saved)
    return saved
  }
  const newContactId = (): string => (lastId += 1).toString(16).padStart(24, 'a')

  function handle(request: VendorRequest): VendorAnswer {
    if (request.headers['authorization'] !== `Bearer ${TOKEN}`) return refuse(401, 'unauthorized')
    const [noun = '', id = '', below = ''] = request.segments
    const body = (request.body ?? {}) as Values
    switch (noun) {
      case 'admins':
        return ok({ type: 'admin.list', admins: [{ type: 'admin', id: ADMIN, name: 'Bo' }] })
      case 'contacts':
        if (below === 'notes') return handleNotes(request, id, body)
        return id === 'search' ? search('contacts', body) : handleContacts(request, id, body)
      case 'tickets':
        return id === 'search' ? search('tickets', body) : handleTickets(request, id, below, body)
      case 'conversations':
        return id === 'search' ? search('conversations', body) : createConversation(body)
      default:
        return refuse(404, 'not_found')
    }
  }

  function handleContacts(request: VendorRequest, id: string, body: Values): VendorAnswer {
    const { email, external_id: externalId } = body
    const values = { ...body, ...(typeof email === 'string' ? { email: email.toLowerCase() } : {}) }
    if (id === '') {
      const old = [...table('contacts').values()].find(
        (one) =>
          (externalId !== undefined && one['external_id'] === externalId) ||
          (values.email !== undefined && one['email'] === values.email),
      )
      if (old !== undefined) {
        const message = `A contact matching those details already exists with id=${old.id}`
        return refuse(409, 'conflict', message)
      }
      return ok(shownContact(save('contacts', undefined, values)))
    }
    const found = table('contacts').get(id)
    if (found === undefined) return refuse(404, 'not_found')
    return ok(shownContact(request.method === 'PUT' ? save('contacts', found, values) : found))
  }

  function handleNotes(request: VendorRequest, id: string, { body }: Values): VendorAnswer {
    if (!table('contacts').has(id)) return refuse(404, 'not_found')
    const shown = (note: FakeRecord) => ({ type: 'note', id: note.id, body: note['body'] })
    if (request.method === 'GET') {
      const own = [...table('notes').values()].filter((one) => one['contact'] === id)
      return ok({ type: 'list', data: own.toReversed().map(shown) })
    }
    return ok(shown(save('notes', undefined, { contact: id, body })))
  }

  function handleTickets(
    request: VendorRequest,
    id: string,
    below: string,
    body: Values,
  ): VendorAnswer {
    if (id === '') {
      const [contact] = body['contacts'] as readonly { readonly id: string }[]
      const made = save('tickets', undefined, {
        contact: contact?.id,
        ticket_attributes: body['ticket_attributes'],
        state: STATES.open,
        open: true,
      })
      return ok(shownTicket(made))
    }
    const found = table('tickets').get(id)
    if (found === undefined) return refuse(404, 'ticket_not_found')
    if (below === 'reply') {
      const part = save('parts', undefined, { ticket: id, ...body })
      return ok({ ...shownPart(part), part_type: body['message_type'] })
    }
    if (request.method === 'GET') return ok(shownTicket(found))
    const { ticket_attributes: attributes, ticket_state_id: state, open, assignee_id: who } = body
    const changed = save('tickets', found, {
      ticket_attributes: { ...(found['ticket_attributes'] as object), ...(attributes as object) },
      state: state ?? found['state'],
      open: open ?? found['open'],
      admin_assignee_id: who ?? found['admin_assignee_id'],
    })
    return ok(shownTicket(changed))
  }

  function createConversation({ from, body }: Values): VendorAnswer {
    const { id: contact } = from as { readonly id: string }
    if (!table('contacts').has(contact)) return refuse(404, 'not_found')
    const made = save('conversations', undefined, { contact, body, open: true })
    return ok({
      type: 'user_message',
      id: `m${made.id}`,
      created_at: ticks,
      body,
      message_type: 'inapp',
      conversation_id: made.id,
    })
  }

  function search(name: 'contacts' | 'tickets' | 'conversations', body: Values): VendorAnswer {
    const { operator, value } = (body as { readonly query: Query }).query
    const seen = [...table(name).values()].filter(({ id }) => indexed?.has(`${name}/${id}`) ?? true)
    const found = seen.filter((one) => {
      const held = value.map((filter) => holds(one, filter))
      return operator === 'OR' ? held.includes(true) : !held.includes(false)
    })
    const total = { total_count: found.length }
    if (name === 'contacts') return ok({ type: 'list', data: found.map(shownContact), ...total })
    if (name === 'tickets') {
      return ok({ type: 'ticket.list', tickets: found.map(shownTicket), ...total })
    }
    return ok({ type: 'conversation.list', conversations: found.map(shownConversation), ...total })
  }

  const shownContact = ({ id, ...own }: FakeRecord) => ({
    type: 'contact',
    id,
    workspace_id: WORKSPACE,
    role: 'user',
    ...own,
  })

  const shownPart = ({ id, body }: FakeRecord) => ({ type: 'ticket_part', id, body })

  const shownTicket = (ticket: FakeRecord) => ({
    type: 'ticket',
    id: ticket.id,
    ticket_id: `1${ticket.id}`,
    ticket_attributes: ticket['ticket_attributes'] ?? {},
    ticket_state: {
      type: 'ticket_state',
      id: ticket['state'],
      category: CATEGORY[String(ticket['state'])] ?? 'submitted',
    },
    ticket_type: { type: 'ticket_type', id: '7', workspace_id: WORKSPACE },
    contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: ticket['contact'] }] },
    admin_assignee_id: ticket['admin_assignee_id'] ?? '0',
    open: ticket['open'] ?? true,
    created_at: ticket['created_at'],
    updated_at: ticket['updated_at'],
    ticket_parts: {
      type: 'ticket_part.list',
      ticket_parts: [...table('parts').values()]
        .filter((part) => part['ticket'] === ticket.id)
        .map((part) => ({ ...shownPart(part), part_type: part['message_type'] })),
    },
  })

  const shownConversation = (one: FakeRecord) => ({
    type: 'conversation',
    id: one.id,
    title: null,
    open: one['open'],
    state: one['open'] === true ? 'open' : 'closed',
    created_at: one['created_at'],
    updated_at: one['updated_at'],
    admin_assignee_id: null,
  })

  const vendor = await openFakeVendor({ handle, description: readDescription('intercom') })
  return {
    vendor,
    auth: { token: TOKEN },
    settings: (url) => ({
      base_url: url,
      admin_id: ADMIN,
      ticket_type_id: '7',
      ticket_states: STATES,
      ...more,
    }),
    seed: (name, values) => save(name, undefined, values),
    all: (name) => [...table(name).values()],
    stopIndex() {
      indexed = new Set(
        [...tables].flatMap(([name, own]) => [...own.keys()].map((id) => `${name}/${id}`)),
      )
    },
    catchUp() {
      indexed = null
    },
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

interface Query {
  readonly operator: 'AND' | 'OR'
  readonly value: readonly {
    readonly field: string
    readonly operator: string
    readonly value: unknown
  }[]
}

function holds(record: FakeRecord, { field, operator, value }: Query['value'][number]): boolean {
  const own = record[field === 'contact_ids' ? 'contact' : field]
  if (typeof own !== 'string' || typeof value !== 'string') return own === value
  return operator === '~' ? own.includes(value) : own.toLowerCase() === value.toLowerCase()
}

const ok = (body: unknown): VendorAnswer => ({ status: 200, body })

const refuse = (status: number, code: string, message = `It says: ${code}`): VendorAnswer => ({
  status,
  body: { type: 'error.list', request_id: 'r', errors: [{ code, message }] },
})
