import { describe } from 'vitest'
import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { hubspot } from './index.ts'
import { type FakeHubspot, openFakeHubspot } from './testing/fake.ts'

const contactOf = ({ all }: FakeHubspot): string => all('contacts')[0]?.id ?? ''
const ticketOf = ({ all }: FakeHubspot): string => all('tickets')[0]?.id ?? ''

function prepare(fake: FakeHubspot): void {
  const contact = fake.seed('contacts', { phone: '+14155550100', firstname: 'Ada' })
  const ticket = fake.seed('tickets', { subject: 'Late', hs_pipeline: '0', hs_pipeline_stage: '1' })
  fake.associate(ticket, contact)
  fake.stopIndex()
}

/** Reads that HubSpot takes by POST. */
const writes: EffectCase['writes'] = ({ method, path }) =>
  method !== 'GET' && !path.endsWith('/search') && !path.endsWith('/batch/read')

/** All that can be made, with all that ties it together. */
const count = ({ all, associations }: FakeHubspot): number =>
  ['contacts', 'tickets', 'calls', 'notes', 'tasks'].reduce(
    (sum, type) => sum + all(type).length,
    0,
  ) + associations.size

const call = {
  direction: 'inbound',
  from_number: '+14155550100',
  to_number: '+14155550199',
  started_at: '2026-01-05T09:00:00Z',
  duration_seconds: 61.5,
  summary: 'Ada asked about her order.',
  transcript: 'agent: Hello\nuser: Where is my order?',
  link: 'https://bookend.example.com/calls/1',
}

const shared = { prepare, count, writes }

const cases: readonly EffectCase<FakeHubspot>[] = [
  { ...shared, action: 'contact.find_by_phone', input: () => ({ phone: '+14155550100' }) },
  { ...shared, action: 'person.find_by_email', input: () => ({ email: 'grace@example.com' }) },
  { ...shared, action: 'contact.get', input: (fake) => ({ id: contactOf(fake) }) },
  {
    ...shared,
    action: 'contact.upsert',
    input: () => ({ email: 'ada@example.com', phone: '+14155550100', first_name: 'Ada' }),
  },
  { ...shared, action: 'call.log', input: (fake) => ({ ...call, contact_id: contactOf(fake) }) },
  { ...shared, action: 'ticket.find_open', input: (fake) => ({ contact_id: contactOf(fake) }) },
  { ...shared, action: 'ticket.get', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'ticket.create',
    input: (fake) => ({
      subject: 'Late',
      description: 'Where is it?',
      contact_id: contactOf(fake),
    }),
  },
  {
    ...shared,
    action: 'ticket.update',
    input: (fake) => ({ id: ticketOf(fake), status: 'pending', priority: 'high' }),
  },
  { ...shared, action: 'ticket.resolve', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'note.create',
    input: (fake) => ({
      body: 'Called back.',
      contact_id: contactOf(fake),
      ticket_id: ticketOf(fake),
    }),
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
    action: 'record.associate',
    mayBeEmpty: true,
    input: (fake) => ({
      from: { type: 'contacts', id: contactOf(fake) },
      to: { type: 'tickets', id: ticketOf(fake) },
    }),
  },
]

const hostile = (text: string) => [
  { action: 'contact.find_by_phone', input: { phone: text } },
  { action: 'contact.find_by_phone', input: { phone: `+1415555${text}0100` } },
  { action: 'contact.get', input: { id: text } },
  { action: 'ticket.create', input: { subject: text, description: text } },
  { action: 'note.create', input: { body: text } },
  { action: 'call.log', input: { ...call, summary: text, transcript: text, from_number: text } },
  { action: 'contact.upsert', input: { email: 'ada@example.com', first_name: text } },
]

const failedRow = {
  status: 207,
  body: {
    status: 'COMPLETE',
    results: [],
    numErrors: 1,
    errors: [{ status: 'error', category: 'VALIDATION_ERROR', message: 'no' }],
  },
}
const [, , upsert] = cases
const innerFailures =
  upsert === undefined ? [] : [{ name: 'a 207 of failed rows', case: upsert, answer: failedRow }]

describe('without a unique property', () => {
  conformance({ connector: hubspot, open: () => openFakeHubspot(), cases, innerFailures, hostile })
})

describe('with a unique property', () => {
  const open = () =>
    openFakeHubspot({ key_property: 'bookend_key', phone_property: 'bookend_phone' })
  conformance({ connector: hubspot, open, cases, innerFailures, hostile })
})
