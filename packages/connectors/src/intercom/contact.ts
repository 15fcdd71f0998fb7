// Contacts.
//
// F1. One request asks for every form of a number, and for whatever holds its last digits; what comes
//     is compared as whole numbers.
// F2. Several holders of a number are told as such, and never guessed between unless asked.
// F3. Whom Bookend makes has an external id made of what they are known by: Intercom takes no second
//     with it, and says who the first is.

import type { ParsedPhone } from '@bookend/core'
import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { nullIfMissing } from '../finding.ts'
import { dryContact, fullName } from '../previews.ts'
import { ContactUpsertInput, FindByPhoneInput, GetInput } from '../inputs.ts'
import { Contact } from '../records.ts'
import { ContactAnswer, ContactsAnswer, readContact } from './read-records.ts'
import { type Context, exchange, parseAnswer, refuse } from './rest.ts'
import { search } from './search.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
/** Where countries add or drop a digit, these stay. */
const TAIL = 8

export const contactFindByPhone = action({
  effect: 'read',
  input: FindByPhoneInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  bucket: 'search',
  run: async (ctx: Context, { phone, properties, on_many: onMany }) => {
    const asked = ctx.phone.parse(phone)
    if (asked === null) return null
    const { e164, national } = asked
    const forms = ctx.phone.variants(e164).map((value) => ({ operator: '=' as const, value }))
    const tail = { operator: '~' as const, value: national.slice(-TAIL) }
    const filters = [...forms, tail].map((form) => ({ field: 'phone', ...form }))
    const { data } = await search(ctx, 'contacts', 'OR', filters, ContactsAnswer)
    const holders = data.filter(({ phone: own }) => own !== null && ctx.phone.same(own, e164))
    const [newest] = holders.toSorted((a, b) => (b.updated_at ?? 0) - (a.updated_at ?? 0))
    if (newest === undefined) return null
    if (holders.length > 1 && onMany === 'none') return null
    if (holders.length > 1 && onMany === 'fail') {
      throw new ConnectorFault({ kind: 'conflict', detail: 'number_of_several_contacts' })
    }
    return readContact(newest, ctx.settings, properties, {
      matches: holders.length,
      assurance: holders.length > 1 || isExtension(ctx, newest, asked) ? 'none' : 'low',
    })
  },
})

/** The number stands there with an extension: it is a house's, not a person's. */
const isExtension = (ctx: Context, { phone }: ContactAnswer, { country }: ParsedPhone): boolean =>
  (ctx.phone.parse(phone ?? '', country)?.extension ?? null) !== null

export const contactGet = action({
  effect: 'read',
  input: GetInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    return await nullIfMissing(async () => {
      const { body } = await exchange(ctx, {
        effect: 'read',
        method: 'GET',
        path: ['contacts', id],
      })
      const found = parseAnswer(ContactAnswer, body, maybeDone('read', 'invalid_body'))
      return readContact(found, ctx.settings, properties, { matches: 1, assurance: 'high' })
    })
  },
})

export const contactUpsert = action({
  effect: 'write',
  idempotency: { class: 'natural', by: 'subject' },
  input: ContactUpsertInput,
  output: Contact,
  timeoutMs: WRITE_MS,
  preview: dryContact,
  run: async (ctx: Context, input) => {
    const { email, phone } = input
    // A company is a record of its own, to which a contact is attached.
    if (input.company !== undefined) refuse('company_is_a_record')
    const parsed = phone === undefined ? null : ctx.phone.parse(phone)
    if (phone !== undefined && parsed === null) refuse('phone_is_no_number')
    const name = fullName(input)
    const asked = Object.keys(input.properties)
    const values = {
      ...(email === undefined ? {} : { email }),
      ...(parsed === null ? {} : { phone: parsed.e164 }),
      ...(name === null ? {} : { name }),
      ...(asked.length === 0 ? {} : { custom_attributes: input.properties }),
    }
    const known = email === undefined ? null : await findByEmail(ctx, email)
    const own = `bookend:${email?.toLowerCase() ?? parsed?.e164}`
    const contact =
      known === null ? await createOrUpdate(ctx, own, values) : await update(ctx, known, values)
    return readContact(contact, ctx.settings, asked, { matches: 1, assurance: 'high' })
  },
})

async function findByEmail(ctx: Context, email: string): Promise<string | null> {
  const filter = { field: 'email', operator: '=' as const, value: email }
  const { data } = await search(ctx, 'contacts', 'AND', [filter], ContactsAnswer)
  const own = data.filter((one) => one.email?.toLowerCase() === email.toLowerCase())
  // Intercom may hold a lead and a user of one address; the user is who signed in.
  const found = own.find(({ role }) => role === 'user') ?? own[0]
  return found?.id ?? null
}

async function createOrUpdate(
  ctx: Context,
  externalId: string,
  values: object,
): Promise<ContactAnswer> {
  try {
    return await send(ctx, 'POST', ['contacts'], {
      role: 'user',
      external_id: externalId,
      ...values,
    })
  } catch (error) {
    const detail = error instanceof ConnectorFault ? error.verdict.detail : ''
    const [, id] = /^existing_([0-9a-f]{24})$/.exec(detail) ?? []
    if (id === undefined) throw error
    return await update(ctx, id, values)
  }
}

const update = (ctx: Context, id: string, values: object): Promise<ContactAnswer> =>
  send(ctx, 'PUT', ['contacts', id], values)

async function send(
  ctx: Context,
  method: 'POST' | 'PUT',
  path: readonly string[],
  values: object,
): Promise<ContactAnswer> {
  const { body } = await exchange(ctx, { effect: 'write', method, path, body: { json: values } })
  return parseAnswer(ContactAnswer, body, maybeDone('write', 'no_id_in_answer'))
}
