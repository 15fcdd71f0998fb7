import { describe, expect, test } from 'vitest'
import { openBench } from '../testing/bench.ts'
import { phoneConformance } from '../testing/phone-corpus.ts'
import { intercom } from './index.ts'
import { openFakeIntercom } from './testing/fake.ts'

const subject = { connector: intercom, open: () => openFakeIntercom() }
const phone = '+14155550100'

describe('a contact by its number', () => {
  phoneConformance({
    ...subject,
    seed: (fake, stored) => fake.seed('contacts', { phone: stored }).id,
  })

  test('is asked for in one request of at most fifteen filters', async () => {
    await using bench = await openBench(subject)
    const attributes = { plan: 'gold' }
    bench.setup.seed('contacts', { phone, name: 'Ada Lovelace', custom_attributes: attributes })
    const input = { phone, properties: ['plan', 'missing'] }
    expect(await bench.run('contact.find_by_phone', input)).toMatchObject({
      output: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        fields: { plan: 'gold', missing: null },
        url: expect.stringContaining('https://app.intercom.com/a/apps/'),
      },
    })
    expect(bench.vendor.requests).toHaveLength(1)
    const [request] = bench.vendor.requests
    const { query } = (request?.body ?? {}) as { readonly query?: { readonly value: unknown[] } }
    expect(query?.value.length).toBeLessThanOrEqual(15)
  })

  test('behind an extension is a house and no person', async () => {
    await using bench = await openBench(subject)
    bench.setup.seed('contacts', { phone: '+14155550100 ext. 12' })
    expect(await bench.run('contact.find_by_phone', { phone })).toMatchObject({
      output: { matches: 1, assurance: 'none' },
    })
  })
})
