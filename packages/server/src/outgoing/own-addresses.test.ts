import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'
import { ownAddresses } from './own-addresses.ts'

const machine = () => ({
  lo: [{ address: '127.0.0.1' }, { address: '::1' }],
  eth0: [{ address: '10.0.0.7' }, { address: '2606:4700:4700::7' }],
  down: undefined,
})

describe('our own address', () => {
  test('is the one that is listened on', () => {
    expect(ownAddresses('127.0.0.1', 4_400, machine)).toEqual([{ host: '127.0.0.1', port: 4_400 }])
  })

  test.each(['0.0.0.0', '::'])('is every one of the machine, listening on %s (A8)', (host) => {
    const own = ownAddresses(host, 4_400, machine)
    const allows = createAddressRule({ allowPrivateTargets: true, ownAddresses: own })
    for (const address of ['127.0.0.1', '::1', '10.0.0.7', '2606:4700:4700::7']) {
      expect([address, allows(address, 4_400)]).toEqual([address, false])
      expect([address, allows(address, 4_401)]).toEqual([address, true])
    }
  })

  test('is found on this machine', () => {
    expect(ownAddresses('0.0.0.0', 1)).toContainEqual({ host: '127.0.0.1', port: 1 })
  })
})
