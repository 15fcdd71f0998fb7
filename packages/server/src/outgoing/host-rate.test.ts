import { describe, expect, test } from 'vitest'
import { HostRate } from './host-rate.ts'

function rate(perSecond: number) {
  let nowMs = 0
  return { hosts: new HostRate(perSecond, () => nowMs), advance: (ms: number) => (nowMs += ms) }
}

function countAdmitted(hosts: HostRate, host: string, tries = 100): number {
  let admitted = 0
  for (let nth = 0; nth < tries; nth += 1) if (hosts.admit(host)) admitted += 1
  return admitted
}

describe('how often a host is asked', () => {
  test('has a cap for each host, with a burst of two seconds (A18)', () => {
    const { hosts, advance } = rate(10)
    expect(countAdmitted(hosts, 'a.example')).toBe(20)
    expect(countAdmitted(hosts, 'b.example')).toBe(20)
    advance(500)
    expect(countAdmitted(hosts, 'a.example')).toBe(5)
    advance(60_000)
    expect(countAdmitted(hosts, 'a.example')).toBe(20)
  })

  test.each(['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fd12::1', '::ffff:10.0.0.1'])(
    'has none in the own network: %s',
    (host) => {
      const { hosts, advance } = rate(1)
      expect(countAdmitted(hosts, host)).toBe(100)
      advance(1_000)
      expect(countAdmitted(hosts, host)).toBe(100)
    },
  )

  test.each(['93.184.216.34', '2606:4700:4700::1111', 'localhost', 'a.example'])(
    'has one elsewhere: %s',
    (host) => {
      expect(countAdmitted(rate(1).hosts, host)).toBe(2)
    },
  )

  test('is forgotten when there are very many hosts, the first one first (H3)', () => {
    const { hosts } = rate(1)
    expect(countAdmitted(hosts, 'first.example')).toBe(2)
    for (let nth = 0; nth < 19_999; nth += 1) hosts.admit(`${nth}.example`)
    expect(countAdmitted(hosts, 'first.example')).toBe(0)
    hosts.admit('one-more.example')
    expect(countAdmitted(hosts, 'first.example')).toBe(2)
  })
})
