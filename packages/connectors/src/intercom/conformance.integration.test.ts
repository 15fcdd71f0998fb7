import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { intercom } from './index.ts'
import { ADMIN, type FakeIntercom, openFakeIntercom } from './testing/fake.ts'

const contactOf = ({ all }: FakeIntercom): string => all('contacts')[0]?.id ?? ''
const ticketOf = ({ all }: FakeIntercom): string => all('tickets')[0]?.id ?? ''

function prepare(fake: FakeIntercom): void {
  const { id: contact } = fake.seed('contacts', { phone: '+14155550100', name: 'Ada' })
  fake.seed('contacts', { email: 'grace@example.com' })
  fake.seed('tickets', { contact, state: '101', open: true })
  fake.seed('conversations', { contact, open: true })
  fake.stopIndex()
}

const tables = ['contacts', 'tickets', 'conversations', 'notes', 'parts'] as const

const shared = {
  prepare,
  /** All that can be made. */
  count: ({ all }: FakeIntercom) => tables.reduce((sum, name) => sum + all(name).length, 0),
  /** Reads that Intercom takes by POST. */
  writes: ({ method, path }) => method !== 'GET' && !path.endsWith('/search'),
} satisfies Partial<EffectCase<FakeIntercom>>

const upsert: EffectCase<FakeIntercom> = {
  ...shared,
  action: 'contact.upsert',
  input: () => ({ email: 'ada@example.com', phone: '+14155550101', first_name: 'Ada' }),
}

const cases: readonly EffectCase<FakeIntercom>[] = [
  { ...shared, action: 'contact.find_by_phone', input: () => ({ phone: '+14155550100' }) },
  { ...shared, action: 'contact.get', input: (fake) => ({ id: contactOf(fake) }) },
  upsert,
  { ...shared, action: 'contact.upsert', input: () => ({ phone: '+14155550102' }) },
  {
    ...shared,
    action: 'contact.upsert',
    input: () => ({ email: 'grace@example.com', properties: { plan: 'gold' } }),
  },
  { ...shared, action: 'ticket.find_open', input: (fake) => ({ contact_id: contactOf(fake) }) },
  { ...shared, action: 'ticket.get', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'ticket.create',
    input: (fake) => ({
      subject: 'Late',
      description: 'Where is it?',
      contact_id: contactOf(fake),
      owner_id: ADMIN,
      properties: { 'Order number': '17' },
    }),
  },
  {
    ...shared,
    action: 'ticket.update',
    input: (fake) => ({ id: ticketOf(fake), status: 'pending', subject: 'Later' }),
  },
  {
    ...shared,
    action: 'ticket.assign',
    input: (fake) => ({ id: ticketOf(fake), owner_id: ADMIN }),
  },
  { ...shared, action: 'ticket.resolve', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'ticket.comment',
    input: (fake) => ({ id: ticketOf(fake), body: 'Called back.' }),
  },
  {
    ...shared,
    action: 'note.create',
    input: (fake) => ({ body: 'Called back.', contact_id: contactOf(fake) }),
  },
  {
    ...shared,
    action: 'note.create',
    input: (fake) => ({ body: 'Called back.', ticket_id: ticketOf(fake) }),
  },
  {
    ...shared,
    action: 'conversation.find_open',
    input: (fake) => ({ contact_id: contactOf(fake) }),
  },
  {
    ...shared,
    action: 'conversation.create',
    input: (fake) => ({ contact_id: contactOf(fake), body: 'Please call me back.' }),
  },
]

const failed = { type: 'error.list', errors: [{ code: 'server_error', message: 'no' }] }

conformance({
  connector: intercom,
  open: () => openFakeIntercom(),
  cases,
  innerFailures: [
    { name: 'a 200 with an error in it', case: upsert, answer: { status: 200, body: failed } },
  ],
  hostile: (text) => [
    { action: 'contact.find_by_phone', input: { phone: text } },
    { action: 'contact.find_by_phone', input: { phone: `+1415555${text}0100` } },
    { action: 'contact.get', input: { id: text } },
    { action: 'contact.upsert', input: { email: 'ada@example.com', first_name: text } },
    { action: 'ticket.create', input: { subject: text, description: text, contact_id: '1' } },
    { action: 'ticket.comment', input: { id: '1', body: text } },
    { action: 'note.create', input: { contact_id: '1', body: text } },
    { action: 'conversation.create', input: { contact_id: 'a'.repeat(24), body: text } },
  ],
})
