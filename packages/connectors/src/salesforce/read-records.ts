// Salesforce's records as Bookend's.

import type { Contact, Ticket, TicketPriority } from '../records.ts'
import type { Json } from '../rest/parse-json.ts'
import type { SalesforceSettings } from './schema.ts'
import type { SalesforceRecord } from './soql.ts'

export const PHONES = ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone'] as const

const CONTACT = ['Id', 'Name', 'FirstName', 'LastName', 'Email', ...PHONES, 'Account.Name']
const CASE = ['Id', 'CaseNumber', 'Subject', 'Status', 'IsClosed', 'Priority', 'ContactId']

export const contactFields = (asked: readonly string[]): readonly string[] =>
  distinct([...CONTACT, 'OwnerId', 'LastModifiedDate', ...asked])

export const caseFields = (asked: readonly string[]): readonly string[] =>
  distinct([...CASE, 'OwnerId', 'CreatedDate', 'LastModifiedDate', ...asked])

/** Names of fields have no case, and Salesforce takes none twice. */
const distinct = (names: readonly string[]): readonly string[] => [
  ...new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values(),
]

/** `Account.Name` is the name of the record in its `Account`. */
function valueAt(record: SalesforceRecord, path: string): Json {
  let value: Json = record as Json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const wanted = name.toLowerCase()
    const own: string | undefined = Object.keys(value).find((key) => key.toLowerCase() === wanted)
    value = own === undefined ? null : (value[own] ?? null)
  }
  return value
}

export function textAt(record: SalesforceRecord, path: string): string | null {
  const value = valueAt(record, path)
  return typeof value === 'string' && value !== '' ? value : null
}

function instantAt(record: SalesforceRecord, path: string): string | null {
  // `+0000`, without a colon.
  const text = textAt(record, path)?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

const fieldsOf = (record: SalesforceRecord, asked: readonly string[]): Record<string, Json> =>
  Object.fromEntries(asked.map((name) => [name, plain(valueAt(record, name))]))

/** Without what Salesforce says of a record beside its fields. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const own = Object.entries(value).filter(([name]) => name !== 'attributes')
  return Object.fromEntries(own.map(([name, one]) => [name, plain(one ?? null)]))
}

export const phonesOf = (record: SalesforceRecord): readonly string[] => [
  ...new Set(PHONES.flatMap((name) => textAt(record, name)?.trim() || [])),
]

export function readContact(
  record: SalesforceRecord,
  instance: string,
  asked: readonly string[],
  how: Pick<Contact, 'matches' | 'assurance'>,
): Contact {
  const id = textAt(record, 'Id') ?? ''
  return {
    id,
    name: textAt(record, 'Name'),
    first_name: textAt(record, 'FirstName'),
    last_name: textAt(record, 'LastName'),
    email: textAt(record, 'Email'),
    phones: [...phonesOf(record)],
    company: textAt(record, 'Account.Name'),
    owner_id: textAt(record, 'OwnerId'),
    url: linkTo(instance, id),
    updated_at: instantAt(record, 'LastModifiedDate'),
    fields: fieldsOf(record, asked),
    ...how,
  }
}

const PRIORITY: Readonly<Record<string, TicketPriority>> = {
  low: 'low',
  medium: 'normal',
  high: 'high',
  urgent: 'urgent',
}

export function readTicket(
  record: SalesforceRecord,
  instance: string,
  { case_statuses: statuses }: SalesforceSettings,
  asked: readonly string[],
): Ticket {
  const id = textAt(record, 'Id') ?? ''
  const known = statuses[textAt(record, 'Status') ?? '']
  const isOver = known === 'solved' || known === 'closed'
  // Whether it is over, the org says itself.
  const open = isOver || known === undefined ? 'open' : known
  return {
    id,
    number: textAt(record, 'CaseNumber') ?? id,
    subject: textAt(record, 'Subject'),
    status: valueAt(record, 'IsClosed') === true ? (isOver ? known : 'closed') : open,
    priority: PRIORITY[(textAt(record, 'Priority') ?? '').toLowerCase()] ?? null,
    requester_id: textAt(record, 'ContactId'),
    assignee_id: textAt(record, 'OwnerId'),
    url: linkTo(instance, id),
    created_at: instantAt(record, 'CreatedDate'),
    updated_at: instantAt(record, 'LastModifiedDate'),
    fields: fieldsOf(record, asked),
  }
}

export const linkTo = (instance: string, id: string): string => `${instance}/${id}`
