import { z } from 'zod'
import { Properties, PropertyNames } from '../inputs.ts'
import { ticketStatuses } from '../records.ts'

const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,79}$/
const FieldName = z.string().regex(FIELD)

export const SalesforceSettings = z.object({
  /** The org's own host, such as `https://acme.my.salesforce.com`: where a token is asked for. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host'),
  api_version: z
    .string()
    .regex(/^[1-9]\d\.0$/)
    .default('63.0'),
  /**
   * A text field of tasks and cases that is an external id and unique, such as `Bookend_Key__c`. With
   * it a repeat changes what was made; without it, it looks for it.
   */
  key_field: FieldName.nullable().default(null),
  /** The same of contacts, such as `Bookend_Contact__c`, which holds the address or number. */
  contact_field: FieldName.nullable().default(null),
  /**
   * `index` searches numbers however they are written, some time after they were; `exact` finds the
   * usual ways of writing one, at once, and is slow where there are very many contacts.
   */
  phone_search: z.enum(['index', 'exact']).default('index'),
  /** What each status of a case means; the first of a meaning is the one that is written. */
  case_statuses: z.record(z.string().min(1).max(255), z.enum(ticketStatuses)).default({
    New: 'open',
    Working: 'open',
    Escalated: 'open',
    'On Hold': 'pending',
    Closed: 'closed',
  }),
  /** Saves what a duplicate rule of the org warns of. */
  allow_duplicates: z.boolean().default(false),
})

const Visible = z.string().regex(/^[\x21-\x7e]{8,512}$/)

export const SalesforceAuth = z.discriminatedUnion('kind', [
  /** Signs for a user by the certificate of a connected app. */
  z.object({
    kind: z.literal('jwt'),
    client_id: Visible,
    username: z.string().min(3).max(254),
    /** PEM. */
    private_key: z.string().min(100).max(20_000),
    audience: z
      .enum(['https://login.salesforce.com', 'https://test.salesforce.com'])
      .default('https://login.salesforce.com'),
  }),
  /** Client credentials, as the user that the connected app runs as. */
  z.object({ kind: z.literal('client'), client_id: Visible, client_secret: Visible }),
])

export const ObjectName = FieldName

const Value = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  z.null(),
  z
    .array(z.union([z.string().max(1_000), z.number()]))
    .min(1)
    .max(200),
  z.object({ instant: z.iso.datetime({ offset: true }) }),
  z.object({ date: z.iso.date() }),
])
export type SoqlValue = z.output<typeof Value>

export const QueryOneInput = z.object({
  /** A `SELECT`; values stand there as `:name`. */
  soql: z
    .string()
    .max(10_000)
    .regex(/^\s*select\s/i),
  values: z.record(z.string().regex(/^[A-Za-z_]\w{0,39}$/), Value).default({}),
})

export const QueryInput = QueryOneInput.extend({
  limit: z.number().int().min(1).max(1_000).default(100),
})

/** By field name; a related record is an object in its place. */
export const Row = z.record(z.string(), z.json())

export const UpsertInput = z.object({
  object: ObjectName,
  /** A field that is an external id. */
  field: FieldName,
  value: z.string().min(1).max(255),
  properties: Properties,
})

export const GetContactInput = z.object({ id: z.string().max(128), properties: PropertyNames })

export type SalesforceSettings = z.output<typeof SalesforceSettings>
export type SalesforceAuth = z.output<typeof SalesforceAuth>
