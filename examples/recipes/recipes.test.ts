// Each recipe is run in both forms, with the same fakes, and has to do the same in both.

import { simulate, simulateJourney, type Fakes, type JourneyStart } from '@bookend/sdk/testing'
import { describe, expect, test } from 'vitest'
import { office } from './calendars.ts'

const forms = ['typescript', 'yaml'] as const

/** The workflow of this name in this form. */
async function recipe(form: (typeof forms)[number], name: string, kind: 'pre-call' | 'journey') {
  if (form === 'yaml') return new URL(`yaml/${name}.${kind}.yaml`, import.meta.url)
  const module: unknown = await import(`./typescript/${name}.${kind}.ts`)
  return (module as { default: never }).default
}

const ada = {
  id: '101',
  name: 'Ada Lovelace',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@example.com',
  phones: ['+15550100001'],
  company: null,
  owner_id: null,
  url: null,
  updated_at: null,
  fields: {},
  matches: 1,
  assurance: 'low',
}
const ticket = {
  id: '7',
  number: '7',
  subject: 'The invoice is wrong',
  status: 'open',
  priority: 'urgent',
  requester_id: '101',
  assignee_id: null,
  url: null,
  created_at: null,
  updated_at: null,
  fields: {},
}

describe.each(forms)('before the first word, in %s:', (form) => {
  const run = async (name: string, fakes: Fakes, call: { timestamp?: string } = {}) =>
    simulate(await recipe(form, name, 'pre-call'), call, fakes, { calendars: { office } })

  test('look up the caller', async () => {
    const name = 'look-up-the-caller'
    const { parameters } = await run(name, { 'crm.contact.find_by_phone': ada })
    expect(parameters).toEqual({ customer_name: 'Ada', known: true })
    const stranger = await run(name, { 'crm.contact.find_by_phone': null })
    expect(stranger.parameters).toEqual({ customer_name: 'there', known: false })
    const hung = await run(name, { 'crm.contact.find_by_phone': simulate.hang })
    expect(hung.parameters).toEqual(stranger.parameters)
    expect(hung).toAnswerWithin('2.1s')
  })

  test('load account context', async () => {
    const name = 'load-account-context'
    const row = { plan: 'pro', balance: -12.5, renews: 'March 2', card_number: '4242' }
    const { parameters } = await run(name, { 'billing.row.query_one': row })
    expect(parameters).toEqual({ plan: 'pro', owes: true, renews: 'March 2' })
    const nobody = await run(name, { 'billing.row.query_one': null })
    expect(nobody.parameters).toEqual({ plan: 'unknown', owes: false, renews: '' })
  })

  test('check for open issues', async () => {
    const name = 'check-for-open-issues'
    const { parameters } = await run(name, {
      'desk.contact.find_by_phone': ada,
      'desk.ticket.find_open': [ticket, { ...ticket, id: '8', priority: null }],
    })
    expect(parameters).toEqual({
      open_tickets: 2,
      last_ticket: 'The invoice is wrong',
      is_urgent: true,
    })
    const slow = await run(name, {
      'desk.contact.find_by_phone': ada,
      'desk.ticket.find_open': simulate.after('9s', []),
    })
    expect(slow.parameters).toEqual({ open_tickets: 0, last_ticket: '', is_urgent: false })
    expect(slow.step('tickets')).toBeCut()
  })

  test('enrich from many sources, in sequence and side by side', async () => {
    const fakes = {
      'crm.contact.find_by_phone': simulate.after('900ms', ada),
      'shop.row.query_one': simulate.after('400ms', { open: 3 }),
      'weather.request.get': simulate.after('900ms', { status: 200, body: { summary: 'Rain' } }),
    }
    const run1 = await run('enrich-from-many-sources', fakes)
    expect(run1.parameters).toEqual({ customer_name: 'Ada', open_orders: 3, weather: 'Rain' })
    expect(run1).toAnswerWithin('1.4s')
    const cloudy = await run('enrich-from-many-sources', {
      ...fakes,
      'weather.request.get': simulate.hang,
    })
    expect(cloudy.parameters).toEqual({ customer_name: 'Ada', open_orders: 3, weather: '' })
  })

  test.each([
    [
      { spent: 12_000, late_days: 0 },
      { tier: 'gold', discount_percent: 15 },
    ],
    [
      { spent: 12_000, late_days: 31 },
      { tier: 'gold', discount_percent: 0 },
    ],
    [
      { spent: 1_000, late_days: 30 },
      { tier: 'silver', discount_percent: 5 },
    ],
    [
      { spent: 10, late_days: 0 },
      { tier: 'basic', discount_percent: 0 },
    ],
    [null, { tier: 'basic', discount_percent: 0 }],
  ])('apply business rules: %j', async (row, expected) => {
    const { parameters } = await run('apply-business-rules', { 'shop.row.query_one': row })
    expect(parameters).toEqual(expected)
  })

  test.each([
    ['key', '2026-03-02T16:00:00Z', { transfer: { to_number: '+15550100911' } }],
    ['blocked', '2026-03-02T16:00:00Z', { reject: { reason: 'blocked' } }],
    ['plain', '2026-03-01T16:00:00Z', { say: 'We are closed.' }],
  ])('route the call: %s', async (segment, timestamp, routing) => {
    const contact = { ...ada, fields: { segment } }
    const fakes = { 'crm.contact.find_by_phone': contact }
    expect((await run('route-the-call', fakes, { timestamp })).routing).toMatchObject(routing)
  })

  test('route the call: a stranger goes to sales', async () => {
    const fakes = { 'crm.contact.find_by_phone': null }
    const { routing } = await run('route-the-call', fakes, { timestamp: '2026-03-02T16:00:00Z' })
    expect(routing.agent_id).toBe('0198c7a2-0000-7000-8000-000000000001')
  })
})

describe.each(forms)('after the last word, in %s:', (form) => {
  const run = async (name: string, fakes: Fakes, call: JourneyStart['call'] = {}) =>
    simulateJourney(await recipe(form, name, 'journey'), { call }, fakes)

  test('sync to your CRM', async () => {
    const said = ['My name is Ada.']
    const done = await run('sync-to-your-crm', { 'crm.contact.find_by_phone': ada }, { said })
    expect(done.effects).toMatchObject([
      { use: 'crm.call.log', input: { contact_id: '101', transcript: 'user: My name is Ada.' } },
    ])
    const stranger = await run('sync-to-your-crm', { 'crm.contact.find_by_phone': null })
    expect(stranger.effects).toMatchObject([{ input: { contact_id: null } }])
  })

  test('send follow-ups', async () => {
    const name = 'send-follow-ups'
    const mailed = await run(
      name,
      { 'crm.contact.find_by_phone': ada },
      { analysis: { wants_callback: true } },
    )
    expect(mailed.effects).toMatchObject([
      { use: 'mail.email.send', input: { to: ['ada@example.com'] } },
    ])
    await mailed.finish()
    expect(mailed.status).toBe('completed')
    expect(mailed.step('callback')).toMatchObject({ status: 'ok' })
    const texted = await run(name, { 'crm.contact.find_by_phone': null })
    expect(texted.effects.map(({ use }) => use)).toEqual(['phone.sms.send'])
    expect(texted.status).toBe('completed')
  })

  test('update tickets', async () => {
    const name = 'update-tickets'
    const contact = { 'desk.contact.upsert': ada }
    const solved = await run(
      name,
      { ...contact, 'desk.ticket.find_open': [ticket] },
      { analysis: { solved: true } },
    )
    expect(solved.effects.map(({ use }) => use)).toEqual([
      'desk.contact.upsert',
      'desk.ticket.comment',
      'desk.ticket.resolve',
    ])
    const first = await run(name, { ...contact, 'desk.ticket.find_open': [] })
    expect(first.effects.at(-1)).toMatchObject({
      use: 'desk.ticket.create',
      input: { contact_id: '101' },
    })
  })

  test('route to humans', async () => {
    const name = 'route-to-humans'
    const upset = { analysis: { sentiment: 'negative' } }
    const called = await run(name, {}, upset)
    expect(called.effects).toMatchObject([{ use: 'chat.message.post' }])
    await called.answer('callback', { decision: 'call' })
    expect(called.effects.at(-1)).toMatchObject({ input: { subject: 'Upset caller: call' } })
    const left = await run(name, {}, upset)
    await left.advance('4h')
    expect(left.effects.at(-1)).toMatchObject({
      input: { subject: 'Upset caller: nobody decided' },
    })
    const content = await run(name, {}, { analysis: { sentiment: 'positive' } })
    expect(content.status).toBe('not_started')
  })

  test('feed analytics', async () => {
    const done = await run('feed-analytics', {}, { analysis: { wish: 'refund' } })
    expect(done.status).toBe('completed')
    expect(done.effects).toMatchObject([{ use: 'warehouse.analytics.write' }])
  })

  test('a chain of steps over days', async () => {
    const name = 'ask-how-it-went'
    const answered = await run(name, {}, { duration: 60 })
    await answered.advance('1d')
    await answered.emit('sms.received', { from: '+15550100001', text: 'hello' })
    expect(answered.status).toBe('waiting')
    await answered.emit('sms.received', { from: '+15550100001', text: '1' })
    expect(answered.status).toBe('completed')
    expect(answered.effects.map(({ use }) => use).toSorted()).toEqual([
      'chat.message.post',
      'phone.sms.send',
      'warehouse.row.upsert',
    ])
    const silent = await run(name, {}, { duration: 60 })
    await silent.finish()
    expect(silent.effects.at(-1)).toMatchObject({ input: { row: { rating: null } } })
  })
})
