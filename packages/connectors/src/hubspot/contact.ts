// Contacts.
//
// F1. HubSpot searches numbers without their country code; what it could not read it keeps as it
//     was typed. One request asks for both.
// F2. What the search brings is compared number by number: national numbers exist in many countries.
// F3. Several holders of a number are told as such, and never guessed between unless asked.

import type { ParsedPhone } from '@bookend/core'
import { nullIfMissing } from '../finding.ts'
import { dryContact } from '../previews.ts'
import { ConnectorFault, action, maybeDone } from '@bookend/core'
import { ContactUpsertInput, FindByPhoneInput, GetInput } from '../inputs.ts'
import { Contact } from '../records.ts'
import {
  type HubspotObject,
  contactProperties,
  phonesOf,
  readContact,
  readObject,
  readObjects,
} from './read-records.ts'
import { type Context, exchange, objects } from './rest.ts'
import { textValues } from './write-values.ts'

const READ_MS = 2_000
const WRITE_MS = 10_000
const FOUND_MAX = 100
const ANSWER_BYTES_MAX = 1_048_576

export const contactFindByPhone = action({
  effect: 'read',
  input: FindByPhoneInput,
  output: Contact.nullable(),
  timeoutMs: READ_MS,
  bucket: 'search',
  run: async (ctx: Context, { phone, properties, on_many: onMany }) => {
    const asked = ctx.phone.parse(phone)
    if (asked === null) return null
    const { body } = await exchange(ctx, {
      effect: 'read',
      method: 'POST',
      path: objects('contacts', 'search'),
      body: { json: renderSearch(ctx, asked, properties) },
      maxBodyBytes: ANSWER_BYTES_MAX,
    })
    const holders = readObjects(body, maybeDone('read', 'invalid_body')).filter((found) =>
      phonesOf(found, ctx.settings).some((own) => ctx.phone.same(own, asked.e164)),
    )
    const [newest] = holders.toSorted(byNewest)
    if (newest === undefined) return null
    if (holders.length > 1 && onMany === 'none') return null
    if (holders.length > 1 && onMany === 'fail') {
      throw new ConnectorFault({ kind: 'conflict', detail: 'number_of_several_contacts' })
    }
    const isShared = holders.length > 1 || isExtension(ctx, newest, asked)
    const assurance = isShared ? 'none' : 'low'
    return readContact(newest, ctx.settings, properties, { matches: holders.length, assurance })
  },
})

function renderSearch(
  ctx: Context,
  { e164, national }: ParsedPhone,
  asked: readonly string[],
): object {
  const own = ctx.settings.phone_property
  const values = ctx.phone.variants(e164)
  const filters = [
    { propertyName: 'hs_searchable_calculated_phone_number', operator: 'EQ', value: national },
    { propertyName: 'hs_searchable_calculated_mobile_number', operator: 'EQ', value: national },
    { propertyName: 'phone', operator: 'IN', values },
    { propertyName: 'mobilephone', operator: 'IN', values },
    ...(own === null ? [] : [{ propertyName: own, operator: 'EQ', value: e164 }]),
  ]
  return {
    filterGroups: filters.map((filter) => ({ filters: [filter] })),
    properties: contactProperties(ctx.settings, asked),
    sorts: [{ propertyName: 'lastmodifieddate', direction: 'DESCENDING' }],
    limit: FOUND_MAX,
  }
}

const byNewest = (a: HubspotObject, b: HubspotObject): number =>
  (b.updatedAt ?? '').localeCompare(a.updatedAt ?? '')

/** The number stands there only with an extension: it is a house's, not a person's. */
function isExtension(ctx: Context, found: HubspotObject, asked: ParsedPhone): boolean {
  const matching = phonesOf(found, ctx.settings)
    .filter((own) => ctx.phone.same(own, asked.e164))
    .map((own) => ctx.phone.parse(own, asked.country))
  return matching.every((own) => own?.extension !== null)
}

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
        path: objects('contacts', id),
        query: { properties: contactProperties(ctx.settings, properties).join(',') },
      })
      const found = readObject(body, maybeDone('read', 'invalid_body'))
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
    const parsed = phone === undefined ? null : ctx.phone.parse(phone)
    if (phone !== undefined && parsed === null) {
      throw new ConnectorFault({ kind: 'refused', detail: 'phone_is_no_number' })
    }
    const own = ctx.settings.phone_property
    const numbers =
      parsed === null ? {} : { phone: parsed.e164, ...(own && { [own]: parsed.e164 }) }
    const properties = {
      ...textValues(input.properties),
      ...numbers,
      ...(email === undefined ? {} : { email }),
      ...(input.first_name === undefined ? {} : { firstname: input.first_name }),
      ...(input.last_name === undefined ? {} : { lastname: input.last_name }),
      ...(input.company === undefined ? {} : { company: input.company }),
    }
    const known = email === undefined ? null : (['email', email] as const)
    const [idProperty, id] = known ?? knownByPhone(own, parsed)
    const { body } = await exchange(ctx, {
      effect: 'write',
      method: 'POST',
      path: objects('contacts', 'batch', 'upsert'),
      body: { json: { inputs: [{ id, idProperty, properties }] } },
    })
    const lost = maybeDone('write', 'no_id_in_answer')
    const made = readObject(readObjects(body, lost)[0], lost)
    const asked = Object.keys(input.properties)
    return readContact(made, ctx.settings, asked, { matches: 1, assurance: 'high' })
  },
})

/** HubSpot knows no two contacts of one e-mail address; of one number only by a property for it. */
function knownByPhone(
  property: string | null,
  phone: ParsedPhone | null,
): readonly [name: string, value: string] {
  if (property !== null && phone !== null) return [property, phone.e164]
  throw new ConnectorFault({ kind: 'refused', detail: 'phone_property_not_set' })
}
