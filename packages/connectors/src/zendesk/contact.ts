// Zendesk's users as contacts.
//
// F1. Zendesk compares digits alone, and only from the end: one request asks for the last eight, and
//     what comes is compared as whole numbers.
// F2. Several holders of a number are told as such, and never guessed between unless asked.
// F3. Whom only a number tells has an external id made of it, so that a repeat changes the same user.
// F4. A name that nobody gave never takes the place of one that is there.

import type { ParsedPhone } from '@bookend/core'
import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { nullIfMissing } from '../finding.ts'
import { dryContact, fullName } from '../previews.ts'
import { ContactUpsertInput, FindByPhoneInput, GetInput } from '../inputs.ts'
import { Contact } from '../records.ts'
import { type User, readAnswer, readContact } from './read-records.ts'
import { type Context, api, exchange } from './rest.ts'
import { userValues } from './write-values.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const ANSWER_BYTES_MAX = 1_048_576
/** Where countries add or drop a digit, these stay. */
const TAIL = 8

export const contactFindByPhone = action({
  effect: 'read',
  input: FindByPhoneInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { phone, properties, on_many: onMany }) => {
    const asked = ctx.phone.parse(phone)
    if (asked === null) return null
    const users = await searchUsers(ctx, { query: `phone:*${asked.national.slice(-TAIL)}` })
    const holders = users.filter((user) => isHolder(ctx, user, asked))
    const [newest] = holders.toSorted(byNewest)
    if (newest === undefined) return await findRecent(ctx, asked, properties)
    if (holders.length > 1 && onMany === 'none') return null
    if (holders.length > 1 && onMany === 'fail') {
      throw new ConnectorFault({ kind: 'conflict', detail: 'number_of_several_contacts' })
    }
    return readContact(newest, ctx.settings, properties, {
      matches: holders.length,
      assurance: holders.length > 1 || isShared(ctx, newest, asked) ? 'none' : 'low',
    })
  },
})

const isHolder = (ctx: Context, { active, phone }: User, { e164 }: ParsedPhone): boolean =>
  active && phone !== null && ctx.phone.same(phone, e164)

/** Zendesk says that it is, or it stands there with an extension: a house's, not a person's. */
const isShared = (ctx: Context, user: User, { country }: ParsedPhone): boolean =>
  user.shared_phone_number === true ||
  (ctx.phone.parse(user.phone ?? '', country)?.extension ?? null) !== null

const byNewest = (a: User, b: User): number =>
  (b.updated_at ?? '').localeCompare(a.updated_at ?? '')

async function findRecent(
  ctx: Context,
  asked: ParsedPhone,
  properties: readonly string[],
): Promise<Contact | null> {
  const id = ctx.client.find(asked.e164, ctx.now())
  const user = id === null ? null : await findUser(ctx, id)
  if (user === null || !isHolder(ctx, user, asked)) return null
  return readContact(user, ctx.settings, properties, { matches: 1, assurance: 'low' })
}

export const contactGet = action({
  effect: 'read',
  input: GetInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    const user = await findUser(ctx, id)
    if (user === null) return null
    return readContact(user, ctx.settings, properties, { matches: 1, assurance: 'high' })
  },
})

async function findUser(ctx: Context, id: string): Promise<User | null> {
  return await nullIfMissing(async () => {
    const { body } = await exchange(ctx, { effect: 'read', method: 'GET', path: api('users', id) })
    return readAnswer('user', body, maybeDone('read', 'invalid_body')).user
  })
}

async function searchUsers(
  ctx: Context,
  query: { readonly query: string } | { readonly external_id: string },
): Promise<readonly User[]> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: api('users', 'search'),
    query,
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  return readAnswer('users', body, maybeDone('read', 'invalid_body')).users
}

export const contactUpsert = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: ContactUpsertInput,
  output: Contact,
  timeoutMs: WRITE_MS,
  preview: dryContact,
  run: async (ctx: Context, input) => {
    const { email, phone } = input
    // An organisation has an id, and many accounts have rules of their own for who belongs to one.
    if (input.company !== undefined) refuse('company_needs_organization_id')
    const parsed = phone === undefined ? null : ctx.phone.parse(phone)
    if (phone !== undefined && parsed === null) refuse('phone_is_no_number')
    const known = email === undefined ? { external_id: `bookend:${parsed?.e164}` } : { email }
    const name = fullName(input)
    const values = {
      ...userValues(input.properties),
      ...(parsed === null ? {} : { phone: parsed.e164 }),
      ...known,
      ...(name === null ? {} : { name }),
    }
    const old = name === null ? await findKnown(ctx, known) : null
    const user =
      old === null
        ? await createOrUpdate(ctx, { name: fallbackName(email, parsed), ...values })
        : await update(ctx, old.id, values)
    if (parsed !== null) ctx.client.remember(parsed.e164, user.id, ctx.now())
    const asked = Object.keys(input.properties)
    return readContact(user, ctx.settings, asked, { matches: 1, assurance: 'high' })
  },
})

type Known = { readonly email: string } | { readonly external_id: string }

async function findKnown(ctx: Context, known: Known): Promise<User | null> {
  if ('external_id' in known) {
    const users = await searchUsers(ctx, known)
    return users.find((user) => user.external_id === known.external_id) ?? null
  }
  // What an address may hold ends no phrase.
  const users = await searchUsers(ctx, { query: `email:"${known.email}"` })
  const email = known.email.toLowerCase()
  return users.find((user) => user.email?.toLowerCase() === email) ?? null
}

async function createOrUpdate(ctx: Context, user: object): Promise<User> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: api('users', 'create_or_update'),
    // Without this Zendesk writes to whoever it is that an account awaits them.
    body: { json: { user: { skip_verify_email: true, ...user } } },
  })
  return readAnswer('user', body, maybeDone('write', 'no_id_in_answer')).user
}

async function update(ctx: Context, id: string, user: object): Promise<User> {
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'PUT',
    path: api('users', id),
    body: { json: { user } },
  })
  return readAnswer('user', body, maybeDone('write', 'no_id_in_answer')).user
}

const fallbackName = (email: string | undefined, phone: ParsedPhone | null): string =>
  phone === null ? (email ?? 'Caller') : `Caller ${phone.e164}`

function refuse(detail: string): never {
  throw new ConnectorFault({ kind: 'refused', detail })
}
