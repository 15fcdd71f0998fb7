import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { phoneConformance } from '../testing/phone-corpus.ts'
import { salesforce } from './index.ts'
import { type FakeSalesforce, openFakeSalesforce } from './testing/fake.ts'

const phone = '+14155550100'
const seed = (fake: FakeSalesforce, stored: string): string =>
  String(fake.seed('Contact', { LastName: 'Caller', Phone: stored })['Id'])

describe.each(['index', 'exact'])('a contact by its number, by %s', (phone_search) => {
  const open = () => openFakeSalesforce({ settings: { phone_search } })
  phoneConformance({ connector: salesforce, open, seed })

  test('is found by any of its numbers, the newest first, with what was asked for', async () => {
    await using bench = await openBench({ connector: salesforce, open })
    const { setup } = bench
    setup.seed('Contact', { LastName: 'Old', Phone: phone })
    const Account = { attributes: { type: 'Account' }, Name: 'Acme' }
    setup.seed('Contact', {
      LastName: 'New',
      OtherPhone: '(415) 555-0100',
      Account,
      Plan__c: 'gold',
    })
    const input = { phone, properties: ['Plan__c', 'Account.Name', 'Missing__c'] }
    expect(await bench.run('contact.find_by_phone', input)).toMatchObject({
      output: {
        name: 'New',
        company: 'Acme',
        matches: 2,
        assurance: 'none',
        phones: ['(415) 555-0100'],
        fields: { Plan__c: 'gold', 'Account.Name': 'Acme', Missing__c: null },
        updated_at: expect.stringMatching(/^2026-01-05T09:00:0\dZ?/),
      },
    })
    expect(bench.vendor.problems).toEqual([])
  })
})

test('behind an extension is a house and no person', async () => {
  await using bench = await openBench({ connector: salesforce, open: openFakeSalesforce })
  seed(bench.setup, '+1 415 555 0100 ext. 12')
  expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
    output: { matches: 1, assurance: 'none' },
  })
})

test('what was just written is found at once only by exact search', async () => {
  for (const [phone_search, isFound] of [
    ['index', false],
    ['exact', true],
  ] as const) {
    const open = () => openFakeSalesforce({ settings: { phone_search } })
    await using bench = await openBench({ connector: salesforce, open })
    bench.setup.stopIndex()
    seed(bench.setup, phone)
    const outcome = await bench.run('contact.find_by_phone', { phone })
    expect([phone_search, outcome]).toMatchObject([
      phone_search,
      { output: isFound ? { matches: 1 } : null },
    ])
  }
})
