import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { salesforce } from './index.ts'
import { openFakeSalesforce } from './testing/fake.ts'

const openWith = (settings: Readonly<Record<string, unknown>> = {}) =>
  openBench({ connector: salesforce, open: () => openFakeSalesforce({ settings }) })

describe('a contact', () => {
  test('that is there is changed, and keeps the name that nobody gave anew (F4)', async () => {
    await using bench = await openWith({ contact_field: 'Bookend_Contact__c' })
    const { setup } = bench
    setup.seed('Contact', { LastName: 'Hopper', FirstName: 'Grace', Email: 'grace@example.com' })
    const input = { email: 'Grace@Example.com', phone: '+1 415 555 0100' }
    expect(await bench.run('contact.upsert', input)).toMatchObject({
      output: { name: 'Grace Hopper', phones: ['+14155550100'], assurance: 'high' },
    })
    expect(setup.all('Contact')).toHaveLength(1)
  })

  test('known by a number alone is made once, and has a name of some kind (F3)', async () => {
    await using bench = await openWith({ contact_field: 'Bookend_Contact__c' })
    for (const first_name of ['Ada', 'Ada Augusta']) {
      await bench.run('contact.upsert', { phone: '+14155550100', first_name })
    }
    expect(bench.setup.all('Contact')).toMatchObject([
      {
        FirstName: 'Ada Augusta',
        LastName: 'Caller +14155550100',
        Bookend_Contact__c: '+14155550100',
      },
    ])
  })

  test.each([
    [{ phone: 'anonymous' }, 'phone_is_no_number'],
    [{ email: 'ada@example.com', company: 'Acme' }, 'company_needs_account_id'],
  ])('of %j is refused, and nothing asked', async (input, detail) => {
    await using bench = await openWith()
    expect(await bench.run('contact.upsert', input)).toMatchObject({
      verdict: { kind: 'refused', detail },
    })
    expect(bench.vendor.requests).toEqual([])
  })
})

describe('a case', () => {
  test('is open or over as the org says, whatever its status is called', async () => {
    await using bench = await openWith()
    const { setup } = bench
    const { Id: ContactId } = setup.seed('Contact', { LastName: 'Hopper' })
    for (const Status of ['New', 'On Hold', 'Invented', 'Closed']) {
      setup.seed('Case', { Subject: Status, Status, ContactId })
    }
    expect(await bench.run('ticket.find_open', { contact_id: ContactId })).toMatchObject({
      output: [
        { subject: 'Invented', status: 'open' },
        { subject: 'On Hold', status: 'pending' },
        { subject: 'New', status: 'open', requester_id: ContactId },
      ],
    })
    const [first] = setup.all('Case')
    expect(await bench.run('ticket.resolve', { id: first?.['Id'] })).toMatchObject({
      output: { status: 'closed', number: expect.stringMatching(/^\d{8}$/) },
    })
  })

  test('of a meaning that no status has is not written', async () => {
    await using bench = await openWith({ case_statuses: { New: 'open' } })
    const { Id: id } = bench.setup.seed('Case', { Subject: 'x', Status: 'New' })
    expect(await bench.run('ticket.update', { id, status: 'pending' })).toMatchObject({
      verdict: { kind: 'refused', detail: 'no_status_pending' },
    })
  })

  test('of nobody, in an org without our field, has no promise for a repeat (C3)', async () => {
    await using bench = await openWith()
    expect(bench.classOf('ticket.create', { subject: 'Late' })).toBe('none')
    const contact_id = '003000000000000001'
    expect(bench.classOf('ticket.create', { subject: 'Late', contact_id })).toBe('marker')
    await using own = await openWith({ key_field: 'Bookend_Key__c' })
    expect(own.classOf('ticket.create', { subject: 'Late' })).toBe('natural')
  })
})

describe('a call', () => {
  test('is a task of its kind, in seconds, and its end can be read on', async () => {
    await using bench = await openWith()
    const { setup } = bench
    const { Id: contact_id } = setup.seed('Contact', { LastName: 'Hopper' })
    const input = {
      contact_id,
      direction: 'outbound',
      from_number: '+14155550199',
      to_number: '+14155550100',
      started_at: '2026-01-05T00:30:00+01:00',
      duration_seconds: 61.5,
      summary: 'Grace was called back.',
      transcript: Array.from({ length: 3_000 }, (_, at) => `user: turn ${at}`).join('\n'),
      link: 'https://bookend.example.com/calls/1',
    }
    expect(await bench.run('call.log', input)).toMatchObject({
      output: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/00T\d{15}$/) },
    })
    const [task] = setup.all('Task')
    expect(task).toMatchObject({
      WhoId: contact_id,
      TaskSubtype: 'Call',
      CallType: 'Outbound',
      CallDurationInSeconds: 62,
      ActivityDate: '2026-01-04',
      CallObject: 'bk_subject',
    })
    const text = String(task?.['Description'])
    expect(text.length).toBeLessThanOrEqual(32_000)
    expect(text).toMatch(/^Grace was called back\.[^]*goes on: https:\/\/bookend\.example\.com/)
  })

  test.each(['../Contact', 'none', "003' OR '1'='1"])(
    'belongs to no record of the id %j (D6, D7)',
    async (contact_id) => {
      await using bench = await openWith()
      const action = bench.actionOf('note.create')
      const input = { body: 'x', contact_id }
      const outcome = action.input.safeParse(input).success
        ? await bench.run('note.create', input)
        : { verdict: { detail: 'id_is_no_record_id' } }
      expect(outcome).toMatchObject({ verdict: { detail: 'id_is_no_record_id' } })
      expect(bench.vendor.requests).toEqual([])
    },
  )
})

test('a query answers what was asked, without what Salesforce adds', async () => {
  await using bench = await openWith()
  const Account = { attributes: { type: 'Account' }, Name: 'Acme' }
  for (const LastName of ["O'Brien", 'Hopper']) bench.setup.seed('Contact', { LastName, Account })
  const one = {
    soql: 'SELECT LastName, Account.Name FROM Contact WHERE LastName = :name',
    values: { name: "O'Brien" },
  }
  const row = { LastName: "O'Brien", Account: { Name: 'Acme' } }
  expect(await bench.run('record.query_one', one)).toEqual({ kind: 'ok', output: row })
  const all = { soql: 'SELECT LastName FROM Contact ORDER BY LastName ASC', limit: 1 }
  expect(await bench.run('record.query', all)).toEqual({
    kind: 'ok',
    output: { rows: [{ LastName: 'Hopper' }], is_cut: true },
  })
})

test('what a duplicate rule warns of is saved only where that was set', async () => {
  for (const [allow_duplicates, header] of [
    [true, 'allowSave=true'],
    [false, undefined],
  ] as const) {
    await using bench = await openWith({ allow_duplicates })
    await bench.run('contact.upsert', { email: 'ada@example.com' })
    const [write] = bench.vendor.requests.filter(({ path }) => path.endsWith('/Contact'))
    expect(write?.headers['sforce-duplicate-rule-header']).toBe(header)
  }
})
