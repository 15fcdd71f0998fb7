import { describe, expect, test } from 'vitest'
import { createAddressRule } from './address-rule.ts'

const strict = createAddressRule({ allowPrivateTargets: false })
const lenient = createAddressRule({ allowPrivateTargets: true })

describe('an address that a request may be sent to', () => {
  test.each(['93.184.216.34', '8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111'])(
    'is a public one: %s',
    (address) => {
      expect(strict(address, 443)).toBe(true)
      expect(lenient(address, 443)).toBe(true)
    },
  )

  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    'fc00::1',
    'fd12:3456:789a::1',
    '::ffff:127.0.0.1',
    '::ffff:10.1.2.3',
  ])('is a private one only by setting (A1): %s', (address) => {
    expect(strict(address, 443)).toBe(false)
    expect(lenient(address, 443)).toBe(true)
  })

  test.each([
    ['link-local', '169.254.1.1'],
    ['cloud metadata', '169.254.169.254'],
    ['carrier NAT', '100.64.0.1'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['documentation', '203.0.113.9'],
    ['benchmarking', '198.18.0.1'],
    ['6to4 relay', '192.88.99.1'],
    ['Azure agent', '168.63.129.16'],
    ['IBM services', '161.26.0.10'],
    ['Alibaba metadata', '100.100.100.200'],
    ['AWS metadata over IPv6', 'fd00:ec2::254'],
    ['Google metadata over IPv6', 'fd20:ce::254'],
    ['link-local over IPv6', 'fe80::1'],
    ['multicast over IPv6', 'ff02::1'],
    ['unspecified over IPv6', '::'],
  ])('is never %s (A1): %s', (_kind, address) => {
    expect(strict(address, 443)).toBe(false)
    expect(lenient(address, 443)).toBe(false)
  })

  test.each([
    ['mapped metadata', '::ffff:169.254.169.254'],
    ['mapped metadata in hex', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible', '::7f00:1'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['site-local', 'fec0::1'],
    ['ORCHID', '2001:10::1'],
    ['ORCHIDv2', '2001:20::1'],
    ['segment routing', '5f00::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['discard', '100::1'],
    ['outside 2000::/3', '4000::1'],
  ])('is no IPv6 disguise: %s (A3)', (_kind, address) => {
    expect(strict(address, 443)).toBe(false)
    expect(lenient(address, 443)).toBe(false)
  })

  test.each([
    '',
    'example.com',
    '127.1',
    '0177.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    'fe80::1%eth0',
    '[::1]',
  ])('parses strictly: %j', (text) => {
    expect(lenient(text, 443)).toBe(false)
  })
})

describe('our own address', () => {
  const rule = createAddressRule({
    allowPrivateTargets: true,
    ownAddresses: [
      { host: '127.0.0.1', port: 4000 },
      { host: '2606:4700:4700::1111' },
      { host: 'bookend.example.com' },
    ],
  })

  test('is closed on the port given, however the address is written (A8)', () => {
    expect(rule('127.0.0.1', 4000)).toBe(false)
    expect(rule('::ffff:127.0.0.1', 4000)).toBe(false)
    expect(rule('127.0.0.1', 4001)).toBe(true)
  })

  test('is closed on every port if none is given (A8)', () => {
    expect(rule('2606:4700:4700:0:0:0:0:1111', 8443)).toBe(false)
  })
})
