import { describe, expect, test } from 'vitest'
import { createReach } from './reach.ts'
import { scriptedLookup } from './testing/client.ts'

const names = {
  'db.example': [['93.184.216.34']],
  'inside.example': [['10.0.0.5']],
  'both.example': [['93.184.216.34', '127.0.0.1']],
  'rebind.example': [['93.184.216.34'], ['127.0.0.1']],
}
const reach = (allowPrivateTargets: boolean) =>
  createReach({ allowPrivateTargets, lookup: scriptedLookup(names).lookup })

const verdictOf = async (asking: Promise<unknown>): Promise<unknown> =>
  await asking.then(
    () => 'allowed',
    (error: { verdict?: unknown }) => error.verdict,
  )
const blocked = { kind: 'refused', detail: 'blocked' }

describe('a host that was entered through the API', () => {
  test.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'inside.example',
    'both.example',
  ])('is blocked where it is a private one: %s (A1, A3, A4, A6)', async (host) => {
    expect(await verdictOf(reach(false).judged.addressesOf(host, 25))).toEqual(blocked)
  })

  test('is dialled at the addresses that were judged (A5)', async () => {
    const { judged } = reach(false)
    expect(await judged.addressesOf('rebind.example', 25)).toEqual([
      { address: '93.184.216.34', family: 4 },
    ])
    expect(await verdictOf(judged.addressesOf('rebind.example', 25))).toEqual(blocked)
    expect(judged.allowsPeer('127.0.0.1', 25)).toBe(false)
    expect(judged.allowsPeer('93.184.216.34', 25)).toBe(true)
  })

  test('may be private by setting, and never metadata (A1)', async () => {
    const { judged } = reach(true)
    expect(await verdictOf(judged.addressesOf('inside.example', 25))).toBe('allowed')
    expect(await verdictOf(judged.addressesOf('169.254.169.254', 25))).toEqual(blocked)
    expect([judged.allowsFiles, reach(false).judged.allowsFiles]).toEqual([true, false])
  })

  test('without an address is tried again later', async () => {
    expect(await verdictOf(reach(false).judged.addressesOf('gone.example', 25))).toEqual({
      kind: 'retry',
      detail: 'dns_error',
    })
  })
})

describe('a host of bookend.config.ts', () => {
  test.each(['127.0.0.1', '10.0.0.5', '100.64.0.9', 'inside.example', 'both.example'])(
    'may be on the own network: %s',
    async (host) => {
      expect(await verdictOf(reach(false).trusted.addressesOf(host, 5_432))).toBe('allowed')
      expect(reach(false).trusted.allowsFiles).toBe(true)
    },
  )
})

describe('a conversation without TLS', () => {
  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.5', '192.168.1.2', 'fd12::1'])(
    'is had on this machine and its network: %s',
    (address) => {
      expect(reach(false).trusted.allowsPlain(address)).toBe(true)
    },
  )

  test.each(['93.184.216.34', '2606:4700:4700::1111', '169.254.169.254', '127.0.0.1.example', ''])(
    'is had nowhere else, by no setting: %s',
    (address) => {
      for (const isAllowed of [true, false]) {
        expect(reach(isAllowed).trusted.allowsPlain(address)).toBe(false)
        expect(reach(isAllowed).judged.allowsPlain(address)).toBe(false)
      }
    },
  )
})
