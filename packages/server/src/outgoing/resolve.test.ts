import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import { createResolve, systemLookup, type Lookup } from './resolve.ts'
import { scriptedLookup } from './testing/client.ts'

const allows = createAddressRule({ allowPrivateTargets: false })

async function resolveWith(lookup: Lookup): Promise<unknown> {
  try {
    return (await createResolve(lookup, allows)('a.example', 443)).map(({ address }) => address)
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

const answering = (...addresses: string[]): Lookup =>
  scriptedLookup({ 'a.example': [addresses] }).lookup

describe('the addresses of a name', () => {
  test('are all that the look-up gave', async () => {
    expect(await resolveWith(answering('93.184.216.34', '2606:4700:4700::1111'))).toEqual([
      '93.184.216.34',
      '2606:4700:4700::1111',
    ])
  })

  test.each(['127.0.0.1', '169.254.169.254', '::ffff:10.0.0.1', 'not an address', ''])(
    'are refused as a whole if one is denied (A6): %j',
    async (denied) => {
      expect(await resolveWith(answering('93.184.216.34', denied))).toBe('blocked')
      expect(await resolveWith(answering(denied, '93.184.216.34'))).toBe('blocked')
    },
  )

  test('are judged to the end of a long answer (A6)', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `93.184.216.${index}`)
    expect(await resolveWith(answering(...many))).toHaveLength(8)
    expect(await resolveWith(answering(...many, '10.0.0.1'))).toBe('blocked')
  })

  test('are a fault without an answer, whatever the look-up said (A10)', async () => {
    expect(await resolveWith(answering())).toBe('dns_error')
    expect(await resolveWith(() => Promise.reject(new Error('SERVFAIL at 10.0.0.53')))).toBe(
      'dns_error',
    )
    expect(
      await resolveWith(() => {
        throw new Error('thrown at once')
      }),
    ).toBe('dns_error')
  })

  test('are asked for once by those who wait together, and again by those who come later (A5)', async () => {
    const { lookup, asked } = scriptedLookup({
      'a.example': [['93.184.216.34'], ['93.184.216.35']],
    })
    const resolve = createResolve(lookup, allows)
    const together = await Promise.all([resolve('a.example', 443), resolve('a.example', 443)])
    expect(asked).toHaveLength(1)
    expect(together[0]).toEqual(together[1])
    expect(await resolve('a.example', 443)).toEqual([{ address: '93.184.216.35', family: 4 }])
  })

  test('come from the system with all families', async () => {
    const addresses = await systemLookup('localhost')
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1')
  })
})
