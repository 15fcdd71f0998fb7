import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { phoneConformance } from '../testing/phone-corpus.ts'
import { hubspot } from './index.ts'
import { openFakeHubspot } from './testing/fake.ts'

const open = () => openFakeHubspot()
const phone = '+14155550100'

describe('a contact by its number', () => {
  phoneConformance({
    connector: hubspot,
    open,
    seed: (fake, stored) => fake.seed('contacts', { phone: stored }).id,
  })

  test('is found by its mobile number too, the newest first', async () => {
    await using bench = await openBench({ connector: hubspot, open })
    const { setup } = bench
    setup.seed('contacts', { phone, firstname: 'Old' })
    setup.seed('contacts', { mobilephone: '(415) 555-0100', firstname: 'New', plan: 'gold' })
    const input = { phone, properties: ['plan', 'missing'] }
    expect(await bench.run('contact.find_by_phone', input)).toMatchObject({
      output: { first_name: 'New', matches: 2, fields: { plan: 'gold', missing: null } },
    })
  })

  test('behind an extension is a house and no person', async () => {
    await using bench = await openBench({ connector: hubspot, open })
    bench.setup.seed('contacts', { phone: '+1 415 555 0100 ext. 12' })
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
      output: { matches: 1, assurance: 'none' },
    })
  })

  test('is asked for in one request, with no more than HubSpot takes', async () => {
    const settings = { phone_property: 'bookend_phone' }
    await using bench = await openBench({
      connector: hubspot,
      open: () => openFakeHubspot(settings),
    })
    bench.setup.seed('contacts', { bookend_phone: phone })
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
      output: { phones: [phone] },
    })
    expect(bench.vendor.requests).toHaveLength(1)
    expect(bench.vendor.problems).toEqual([])
  })
})
