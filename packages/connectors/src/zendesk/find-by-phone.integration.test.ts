import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { phoneConformance } from '../testing/phone-corpus.ts'
import { zendesk } from './index.ts'
import { openFakeZendesk } from './testing/fake.ts'

const subject = { connector: zendesk, open: openFakeZendesk }
const phone = '+14155550100'

describe('a contact by its number', () => {
  phoneConformance({
    ...subject,
    seed: (fake, stored) => String(fake.seedUser({ phone: stored }).id),
  })

  test('is asked for in one request, by digits alone', async () => {
    await using bench = await openBench(subject)
    bench.setup.seedUser({ phone, user_fields: { plan: 'gold' }, notes: 'Likes tea' })
    const input = { phone: 'sip:+14155550100@carrier.example', properties: ['plan', 'notes', 'no'] }
    expect(await bench.run('contact.find_by_phone', input)).toMatchObject({
      output: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        fields: { plan: 'gold', notes: 'Likes tea', no: null },
      },
    })
    expect(bench.vendor.requests.map(({ query }) => query.get('query'))).toEqual([
      'phone:*55550100',
    ])
  })

  test('says nothing sure of a number that Zendesk calls shared', async () => {
    await using bench = await openBench(subject)
    bench.setup.seedUser({ phone, shared_phone_number: true })
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
      output: { matches: 1, assurance: 'none' },
    })
  })

  test('is nobody who was deleted', async () => {
    await using bench = await openBench(subject)
    bench.setup.seedUser({ phone, active: false })
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({ output: null })
  })

  test('is found right after it was made, which the search does not yet know', async () => {
    await using bench = await openBench(subject)
    bench.setup.stopIndex()
    expect(await bench.run('contact.upsert', { phone })).toMatchObject({
      output: { name: `Caller ${phone}`, first_name: null, phones: [phone] },
    })
    const [made] = bench.setup.users()
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
      output: { id: String(made?.id), matches: 1, assurance: 'low' },
    })
  })
})
