// Makes a call, a note, a task or a ticket, once for each key.
//
//   unique property ─▶ upsert by it ─▶ associate, which may be repeated
//   none            ─▶ our mark among what the contact already has? ─▶ else create, associated
//
// C1. With the property a repeat changes the same record: the class is `natural`.
// C2. Without it the mark is looked for where writes are seen at once; the search index lags.
// C3. A record that belongs to nobody cannot be looked for: then the class is `none`.

import type { IdempotencyClass } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { z } from 'zod'
import { type HubspotObject, readObject, readObjects } from './read-records.ts'
import { type Context, type ObjectType, associations, exchange, objects } from './rest.ts'
import type { HubspotSettings } from './schema.ts'

/** To whom a record belongs. */
export interface Owners {
  readonly contact_id: string | null
  readonly ticket_id: string | null
}

export interface NewRecord {
  readonly type: Exclude<ObjectType, 'contacts'>
  /** Names it among all that Bookend makes. */
  readonly key: string
  readonly properties: Readonly<Record<string, string>>
  readonly owners: Owners
}

/** The property of each that can carry our mark. */
const MARKED: Readonly<Record<NewRecord['type'], string>> = {
  calls: 'hs_call_body',
  notes: 'hs_note_body',
  tasks: 'hs_task_body',
  tickets: 'content',
}

const ASSOCIATION: Readonly<Record<string, number>> = {
  'calls contacts': 194,
  'calls tickets': 220,
  'notes contacts': 202,
  'notes tickets': 228,
  'tasks contacts': 204,
  'tasks tickets': 230,
  'tickets contacts': 16,
}

const NEWEST = 30
/** Each may hold a body of 64 KiB. */
const AT_ONCE = 10
const ANSWER_BYTES_MAX = 1_048_576

export function classOf(settings: HubspotSettings, owners: Owners): IdempotencyClass {
  if (settings.key_property !== null) return 'natural'
  return ownersOf(owners).length > 0 ? 'marker' : 'none'
}

/** What a body ends with, so that a repeat finds it (C2). */
export const markOf = (settings: HubspotSettings, key: string): string =>
  settings.key_property === null ? `\n[bookend:${key}]` : ''

export async function createOnce(ctx: Context, record: NewRecord): Promise<HubspotObject> {
  const { key_property: property } = ctx.settings
  return property === null ? await findOrCreate(ctx, record) : await upsert(ctx, record, property)
}

type Owner = readonly [type: 'contacts' | 'tickets', id: string]

function ownersOf({ contact_id: contact, ticket_id: ticket }: Owners): readonly Owner[] {
  const owners: Owner[] = []
  if (contact !== null) owners.push(['contacts', contact])
  if (ticket !== null) owners.push(['tickets', ticket])
  return owners
}

async function upsert(ctx: Context, record: NewRecord, property: string): Promise<HubspotObject> {
  const { type, key, owners } = record
  const properties = { ...record.properties, [property]: key }
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: objects(type, 'batch', 'upsert'),
    body: { json: { inputs: [{ id: key, idProperty: property, properties }] } },
  })
  const lost = maybeDone('write', 'no_id_in_answer')
  const [row] = readObjects(body, lost)
  const made = readObject(row, lost)
  for (const [owner, id] of ownersOf(owners)) {
    await associate(ctx, [type, made.id], [owner, id])
  }
  return made
}

/** Gives two records the association that HubSpot has for their types; again is the same. */
export async function associate(
  ctx: Context,
  [fromType, fromId]: readonly [ObjectType, string],
  [toType, toId]: readonly [ObjectType, string],
): Promise<void> {
  await exchange(ctx, {
    effect: 'write',
    method: 'PUT',
    path: associations(fromType, fromId, 'default', toType, toId),
  })
}

async function findOrCreate(ctx: Context, record: NewRecord): Promise<HubspotObject> {
  const { type, properties, owners } = record
  const own = ownersOf(owners)
  const [first] = own
  const found = first === undefined ? null : await findMarked(ctx, record, first)
  if (found !== null) return found
  const { body } = await exchange(ctx, {
    effect: 'write',
    method: 'POST',
    path: objects(type),
    body: {
      json: {
        properties,
        associations: own.map(([owner, id]) => ({
          to: { id },
          types: [
            {
              associationCategory: 'HUBSPOT_DEFINED',
              associationTypeId: ASSOCIATION[`${type} ${owner}`],
            },
          ],
        })),
      },
    },
  })
  return readObject(body, maybeDone('write', 'no_id_in_answer'))
}

async function findMarked(
  ctx: Context,
  { type, key }: NewRecord,
  [owner, id]: Owner,
): Promise<HubspotObject | null> {
  const ids = await newestAssociated(ctx, [owner, id], type, NEWEST)
  const property = MARKED[type]
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const records = await readBatch(ctx, type, ids.slice(at, at + AT_ONCE), [property])
    const found = records.find(({ properties }) =>
      properties[property]?.includes(`[bookend:${key}]`),
    )
    if (found !== undefined) return found
  }
  return null
}

const AssociationAnswer = z.object({
  results: z.array(z.object({ toObjectId: z.union([z.number().int(), z.string()]) })),
})

/** Ids of what belongs to a record, newest first: HubSpot's ids grow. */
export async function newestAssociated(
  ctx: Context,
  [owner, id]: readonly [ObjectType, string],
  type: ObjectType,
  max: number,
): Promise<readonly string[]> {
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'GET',
    path: associations(owner, id, type),
    query: { limit: 500 },
  })
  const { success, data } = AssociationAnswer.safeParse(body)
  if (!success) throw new ConnectorFault(maybeDone('read', 'invalid_body'))
  return data.results
    .map(({ toObjectId }) => String(toObjectId))
    .toSorted((a, b) => b.length - a.length || (a < b ? 1 : -1))
    .slice(0, max)
}

export async function readBatch(
  ctx: Context,
  type: ObjectType,
  ids: readonly string[],
  properties: readonly string[],
): Promise<readonly HubspotObject[]> {
  if (ids.length === 0) return []
  const { body } = await exchange(ctx, {
    effect: 'read',
    method: 'POST',
    path: objects(type, 'batch', 'read'),
    body: { json: { inputs: ids.map((id) => ({ id })), properties } },
    maxBodyBytes: ANSWER_BYTES_MAX,
  })
  return readObjects(body, maybeDone('read', 'invalid_body'))
}
