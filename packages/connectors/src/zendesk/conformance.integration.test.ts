import type { EffectCase } from '../testing/bench.ts'
import { conformance } from '../testing/conformance.ts'
import { zendesk } from './index.ts'
import { type FakeZendesk, openFakeZendesk } from './testing/fake.ts'

const userOf = ({ users }: FakeZendesk): string => String(users()[0]?.id)
const ticketOf = ({ tickets }: FakeZendesk): string => String(tickets()[0]?.id)

function prepare(fake: FakeZendesk): void {
  const user = fake.seedUser({ phone: '+14155550100', email: 'grace@example.com' })
  fake.seedTicket({ requester_id: user.id })
  fake.stopIndex()
}

/** All that can be made. */
const count = ({ users, tickets, commentCount }: FakeZendesk): number =>
  users().length + tickets().length + commentCount()

const shared = { prepare, count }

const cases: readonly EffectCase<FakeZendesk>[] = [
  { ...shared, action: 'contact.find_by_phone', input: () => ({ phone: '+14155550100' }) },
  { ...shared, action: 'contact.get', input: (fake) => ({ id: userOf(fake) }) },
  {
    ...shared,
    action: 'contact.upsert',
    input: () => ({ email: 'ada@example.com', phone: '+14155550101', first_name: 'Ada' }),
  },
  { ...shared, action: 'contact.upsert', input: () => ({ phone: '+14155550102' }) },
  { ...shared, action: 'contact.upsert', input: () => ({ email: 'grace@example.com' }) },
  { ...shared, action: 'ticket.find_open', input: (fake) => ({ contact_id: userOf(fake) }) },
  { ...shared, action: 'ticket.get', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'ticket.create',
    input: (fake) => ({
      subject: 'Late',
      description: 'Where is it?',
      contact_id: userOf(fake),
      priority: 'high',
      properties: { field_360001: 'gold', type: 'question' },
    }),
  },
  {
    ...shared,
    action: 'ticket.update',
    input: (fake) => ({ id: ticketOf(fake), status: 'pending', priority: 'high' }),
  },
  {
    ...shared,
    action: 'ticket.assign',
    input: (fake) => ({ id: ticketOf(fake), owner_id: '7', group_id: '1' }),
  },
  { ...shared, action: 'ticket.resolve', input: (fake) => ({ id: ticketOf(fake) }) },
  {
    ...shared,
    action: 'ticket.comment',
    input: (fake) => ({ id: ticketOf(fake), body: 'Called back.' }),
  },
]

conformance({
  connector: zendesk,
  open: openFakeZendesk,
  cases,
  hostile: (text) => [
    { action: 'contact.find_by_phone', input: { phone: text } },
    { action: 'contact.find_by_phone', input: { phone: `+1415555${text}0100` } },
    { action: 'contact.get', input: { id: text } },
    { action: 'ticket.create', input: { subject: text, description: text } },
    { action: 'ticket.comment', input: { id: '1', body: text } },
    { action: 'contact.upsert', input: { email: 'ada@example.com', first_name: text } },
    { action: 'contact.upsert', input: { email: `ada${text}@example.com` } },
  ],
})
