import { describe } from 'vitest'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { salesforce } from './index.ts'
import { type FakeSalesforce, openFakeSalesforce } from './testing/fake.ts'

const contactOf = ({ all }: FakeSalesforce): string => String(all('Contact')[0]?.['Id'])
const caseOf = ({ all }: FakeSalesforce): string => String(all('Case')[0]?.['Id'])

function prepare(fake: FakeSalesforce): void {
  const { Id: ContactId } = fake.seed('Contact', {
    LastName: 'Hopper',
    Email: 'grace@example.com',
    Phone: '+14155550100',
  })
  fake.seed('Case', { Subject: 'Late', Status: 'New', ContactId })
  fake.stopIndex()
}

/** A token changes nothing. */
const writes: EffectCase['writes'] = ({ method, path }) =>
  method !== 'GET' && path !== '/services/oauth2/token'

/** All that can be made. */
const count = ({ all }: FakeSalesforce): number =>
  ['Contact', 'Case', 'Task', 'Device__c'].reduce((sum, object) => sum + all(object).length, 0)

const call = {
  direction: 'inbound',
  from_number: '+14155550100',
  to_number: '+14155550199',
  started_at: '2026-01-05T09:00:00Z',
  duration_seconds: 61.5,
  summary: 'Grace asked about her order.',
  transcript: 'agent: Hello\nuser: Where is my order?',
  link: 'https://bookend.example.com/calls/1',
}

const shared = { prepare, count, writes }

const cases: readonly EffectCase<FakeSalesforce>[] = [
  { ...shared, action: 'contact.find_by_phone', input: () => ({ phone: '+14155550100' }) },
  { ...shared, action: 'contact.get', input: (fake) => ({ id: contactOf(fake) }) },
  {
    ...shared,
    action: 'contact.upsert',
    input: () => ({ email: 'ada@example.com', phone: '+14155550101', last_name: 'Lovelace' }),
  },
  { ...shared, action: 'contact.upsert', input: () => ({ phone: '+14155550102' }) },
  {
    ...shared,
    action: 'contact.upsert',
    mayBeEmpty: true,
    input: () => ({ email: 'grace@example.com', first_name: 'Grace' }),
  },
  { ...shared, action: 'call.log', input: (fake) => ({ ...call, contact_id: contactOf(fake) }) },
  { ...shared, action: 'ticket.find_open', input: (fake) => ({ contact_id: contactOf(fake) }) },
  { ...shared, action: 'ticket.get', input: (fake) => ({ id: caseOf(fake) }) },
  {
    ...shared,
    action: 'ticket.create',
    input: (fake) => ({
      subject: 'Late',
      description: 'Where is it?',
      contact_id: contactOf(fake),
      priority: 'high',
    }),
  },
  {
    ...shared,
    action: 'ticket.update',
    mayBeEmpty: true,
    input: (fake) => ({ id: caseOf(fake), status: 'pending', priority: 'low' }),
  },
  {
    ...shared,
    action: 'ticket.resolve',
    mayBeEmpty: true,
    input: (fake) => ({ id: caseOf(fake) }),
  },
  {
    ...shared,
    action: 'note.create',
    input: (fake) => ({ body: 'Called back.', ticket_id: caseOf(fake) }),
  },
  {
    ...shared,
    action: 'task.create',
    input: (fake) => ({
      title: 'Call back',
      due_at: '2026-01-06T09:00:00Z',
      contact_id: contactOf(fake),
    }),
  },
  {
    ...shared,
    action: 'record.query_one',
    input: () => ({
      soql: 'SELECT Id, Account.Name FROM Contact WHERE Email = :email',
      values: { email: 'grace@example.com' },
    }),
  },
  { ...shared, action: 'record.query', input: () => ({ soql: 'SELECT Id FROM Contact' }) },
  {
    ...shared,
    action: 'record.upsert',
    input: () => ({
      object: 'Device__c',
      field: 'Serial__c',
      value: 'A/1 ü',
      properties: { Name: 'Router', Live__c: true, Weight__c: 1.5, Note__c: null },
    }),
  },
]

const hostile = (text: string) => [
  { action: 'contact.find_by_phone', input: { phone: text } },
  { action: 'contact.find_by_phone', input: { phone: `+1415555${text}0100` } },
  { action: 'contact.get', input: { id: text } },
  { action: 'contact.upsert', input: { email: `ada${text}@example.com` } },
  { action: 'contact.upsert', input: { email: 'ada@example.com', first_name: text } },
  { action: 'ticket.find_open', input: { contact_id: text } },
  { action: 'ticket.create', input: { subject: text, description: text } },
  { action: 'call.log', input: { ...call, summary: text, transcript: text, from_number: text } },
  { action: 'note.create', input: { body: text } },
  { action: 'record.upsert', input: { object: 'Device__c', field: 'Serial__c', value: text } },
  {
    action: 'record.query',
    input: { soql: 'SELECT Id FROM Contact WHERE LastName = :name', values: { name: text } },
  },
]

const failed = {
  status: 200,
  body: {
    success: false,
    errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no', fields: [] }],
  },
}
const own = cases.find(({ action }) => action === 'call.log')
const innerFailures =
  own === undefined ? [] : [{ name: 'a save that was none', case: own, answer: failed }]

describe('without fields of our own', () => {
  const open = () => openFakeSalesforce()
  conformance({ connector: salesforce, open, cases, hostile, innerFailures })
})

describe('with fields of our own', () => {
  const settings = {
    key_field: 'Bookend_Key__c',
    contact_field: 'Bookend_Contact__c',
    phone_search: 'exact',
  }
  const open = () => openFakeSalesforce({ settings })
  conformance({ connector: salesforce, open, cases, hostile, innerFailures })
})
