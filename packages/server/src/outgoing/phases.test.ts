import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Stopwatch } from './phases.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const pass = (ms: number): void => void vi.advanceTimersByTime(ms)

describe('the phases of an exchange', () => {
  test('follow each other on a new connection', () => {
    const watch = new Stopwatch()
    pass(1)
    watch.dialled(true, true)
    pass(2)
    watch.resolved()
    pass(3)
    watch.connected()
    pass(4)
    watch.secured()
    watch.sent()
    pass(5)
    watch.flushed()
    pass(6)
    watch.headers()
    pass(7)
    expect(watch.wasSent).toBe(true)
    expect(watch.read()).toEqual({
      queuedMs: 1,
      dnsMs: 2,
      connectMs: 3,
      tlsMs: 4,
      sendMs: 5,
      waitMs: 6,
      receiveMs: 7,
      totalMs: 28,
    })
  })

  test('of opening are none on a connection that is used again', () => {
    const watch = new Stopwatch()
    pass(1)
    watch.sent()
    watch.flushed()
    pass(6)
    const phases = watch.read()
    expect(phases).toMatchObject({ queuedMs: 1, dnsMs: null, connectMs: null, tlsMs: null })
    expect(phases).toMatchObject({ sendMs: 0, waitMs: 6, receiveMs: null, totalMs: 7 })
  })

  test('know no look-up of an address, and no handshake without TLS', () => {
    const watch = new Stopwatch()
    watch.dialled(false, false)
    pass(3)
    watch.connected()
    pass(1)
    expect(watch.read()).toMatchObject({ dnsMs: null, connectMs: 3, tlsMs: null, totalMs: 4 })
  })

  test('last until the failure where there is one', () => {
    const watch = new Stopwatch()
    watch.dialled(true, true)
    pass(5)
    expect(watch.wasSent).toBe(false)
    expect(watch.read()).toMatchObject({ dnsMs: 5, connectMs: null, tlsMs: null, sendMs: null })
    watch.resolved()
    watch.connected()
    pass(2)
    expect(watch.read()).toMatchObject({ dnsMs: 5, connectMs: 0, tlsMs: 2, sendMs: null })
  })

  test('begin anew with a second connection', () => {
    const watch = new Stopwatch()
    watch.dialled(true, false)
    watch.resolved()
    watch.connected()
    pass(9)
    watch.dialled(true, false)
    pass(1)
    expect(watch.read()).toMatchObject({ queuedMs: 9, dnsMs: 1, connectMs: null })
  })
})
