// Contacts.
//
// F1. One request asks for every form of a number; what it brings is compared as whole numbers.
// F2. Several holders of a number are told as such, and never guessed between unless asked.
// F3. Whom nobody knows yet is made by a value of its own field, so that a repeat finds the same.
// F4. A name that nobody gave never takes the place of one that is there.

import type { ParsedPhone } from '@bookend/core'
import { ConnectorFault, action } from '@bookend/core'
import type { z } from 'zod'
import { dryContact } from '../previews.ts'
import { ContactUpsertInput, FindByPhoneInput } from '../inputs.ts'
import { Contact } from '../records.ts'
import { PHONES, contactFields, phonesOf, readContact, textAt } from './read-records.ts'
import { type Values, create, update, upsert } from './save.ts'
import { GetContactInput, type SalesforceSettings } from './schema.ts'
import { type Context, instanceOf } from './session.ts'
import { type SalesforceRecord, checkId, isId, query, quote, searchPhones } from './soql.ts'

const READ_MS = 2_500
const WRITE_MS = 15_000
const FOUND_MAX = 100

export const contactFindByPhone = action({
  effect: 'read',
  input: FindByPhoneInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { phone, properties, on_many: onMany }) => {
    const asked = ctx.phone.parse(phone)
    if (asked === null) return null
    const found = await findForms(ctx, asked, properties)
    const holders = found.filter((one) =>
      phonesOf(one).some((own) => ctx.phone.same(own, asked.e164)),
    )
    const [newest] = holders.toSorted(byNewest)
    if (newest === undefined) return null
    if (holders.length > 1 && onMany === 'none') return null
    if (holders.length > 1 && onMany === 'fail') {
      throw new ConnectorFault({ kind: 'conflict', detail: 'number_of_several_contacts' })
    }
    const isShared = holders.length > 1 || isExtension(ctx, newest, asked)
    return readContact(newest, await instanceOf(ctx), properties, {
      matches: holders.length,
      assurance: isShared ? 'none' : 'low',
    })
  },
})

async function findForms(
  ctx: Context,
  { e164, national }: ParsedPhone,
  properties: readonly string[],
): Promise<readonly SalesforceRecord[]> {
  const forms = ctx.phone.variants(e164)
  const fields = contactFields(properties)
  if (ctx.settings.phone_search === 'index') {
    return await searchPhones(ctx, [national, ...forms], fields, FOUND_MAX)
  }
  const list = forms.map(quote).join(',')
  const where = PHONES.map((name) => `${name} IN (${list})`).join(' OR ')
  const order = 'ORDER BY LastModifiedDate DESC'
  const soql = `SELECT ${fields.join(', ')} FROM Contact WHERE ${where} ${order} LIMIT ${FOUND_MAX}`
  return (await query(ctx, soql)).records
}

const byNewest = (a: SalesforceRecord, b: SalesforceRecord): number =>
  (textAt(b, 'LastModifiedDate') ?? '').localeCompare(textAt(a, 'LastModifiedDate') ?? '')

/** The number stands there only with an extension: it is a house's, not a person's. */
function isExtension(ctx: Context, found: SalesforceRecord, asked: ParsedPhone): boolean {
  const matching = phonesOf(found).filter((own) => ctx.phone.same(own, asked.e164))
  return matching.every((own) => ctx.phone.parse(own, asked.country)?.extension !== null)
}

export const contactGet = action({
  effect: 'read',
  input: GetContactInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  run: async (ctx: Context, { id, properties }) => {
    const found = isId(id)
      ? await findBy(ctx, `Id = ${quote(id)}`, contactFields(properties))
      : null
    if (found === null) return null
    const how = { matches: 1, assurance: 'high' as const }
    return readContact(found, await instanceOf(ctx), properties, how)
  },
})

async function findBy(
  ctx: Context,
  where: string,
  fields: readonly string[],
): Promise<SalesforceRecord | null> {
  const soql = `SELECT ${fields.join(', ')} FROM Contact WHERE ${where} ORDER BY LastModifiedDate DESC LIMIT 1`
  return (await query(ctx, soql)).records[0] ?? null
}

export const contactUpsert = action({
  effect: 'write',
  idempotency: {
    class: 'marker',
    by: 'subject',
    classFor: ({ contact_field: own }: SalesforceSettings) => (own === null ? 'marker' : 'natural'),
  },
  input: ContactUpsertInput,
  output: Contact,
  timeoutMs: WRITE_MS,
  preview: dryContact,
  run: async (ctx: Context, input) => {
    // A company is an account, and every org has rules of its own for which.
    if (input.company !== undefined) throw refusal('company_needs_account_id')
    const parsed = input.phone === undefined ? null : ctx.phone.parse(input.phone)
    if (input.phone !== undefined && parsed === null) throw refusal('phone_is_no_number')
    const { contact_field: field } = ctx.settings
    const key = input.email?.toLowerCase() ?? parsed?.e164 ?? ''
    const own = input.email === undefined ? `Phone = ${quote(key)}` : `Email = ${quote(key)}`
    const where = field === null ? own : `${own} OR ${field} = ${quote(key)}`
    const values = valuesOf(input, parsed)
    const old = await findBy(ctx, where, ['Id'])
    const id = await save(ctx, old, [field, key], values, parsed)
    const asked = Object.keys(input.properties)
    const found = await findBy(ctx, `Id = ${quote(checkId(id))}`, contactFields(asked))
    // Somebody else's rule may hide it from whoever wrote it.
    const record = found ?? { ...values, Id: id }
    const how = { matches: 1, assurance: 'high' as const }
    return readContact(record, await instanceOf(ctx), asked, how)
  },
})

const refusal = (detail: string): ConnectorFault => new ConnectorFault({ kind: 'refused', detail })

function valuesOf(input: z.output<typeof ContactUpsertInput>, phone: ParsedPhone | null): Values {
  return {
    ...input.properties,
    ...(phone === null ? {} : { Phone: phone.e164 }),
    ...(input.email === undefined ? {} : { Email: input.email }),
    ...(input.first_name === undefined ? {} : { FirstName: input.first_name.slice(0, 40) }),
    ...(input.last_name === undefined ? {} : { LastName: input.last_name.slice(0, 80) }),
  }
}

async function save(
  ctx: Context,
  old: SalesforceRecord | null,
  [field, key]: readonly [field: string | null, key: string],
  values: Values,
  phone: ParsedPhone | null,
): Promise<string> {
  const known = old === null ? null : textAt(old, 'Id')
  if (known !== null) {
    await update(ctx, 'Contact', known, values)
    return known
  }
  // Salesforce takes none without a last name.
  const named = { LastName: phone === null ? key.slice(0, 80) : `Caller ${phone.e164}`, ...values }
  if (field === null) return await create(ctx, 'Contact', named)
  return await upsert(ctx, 'Contact', [field, key], named)
}
