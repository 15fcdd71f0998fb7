import { fakeClock } from '@bookend/core/testing'
import { describe, expect, test } from 'vitest'
import { FailedKeys } from './failed-keys.ts'

const ADDRESS = '203.0.113.9'

describe('wrong keys from one address (E5)', () => {
  test('are told to wait after ten in a minute, and no longer than that minute', async () => {
    const clock = fakeClock()
    const failed = new FailedKeys(clock)
    const waits = Array.from({ length: 10 }, () => failed.note(ADDRESS))
    expect(new Set(waits)).toEqual(new Set([0]))
    expect(failed.note(ADDRESS)).toBe(60)
    await clock.advance(45_000)
    expect(failed.note(ADDRESS)).toBe(15)
    await clock.advance(15_000)
    expect(failed.note(ADDRESS)).toBe(0)
  })

  test('hold up no other address', () => {
    const failed = new FailedKeys(fakeClock())
    for (let nth = 0; nth < 20; nth += 1) failed.note(ADDRESS)
    expect(failed.note('203.0.113.10')).toBe(0)
  })

  test('of very many addresses cost no more memory than that of some', () => {
    const failed = new FailedKeys(fakeClock())
    for (let nth = 0; nth < 11; nth += 1) failed.note(ADDRESS)
    for (let nth = 0; nth < 10_000; nth += 1) failed.note(`2001:db8::${nth}`)
    // The oldest was forgotten, so it starts anew.
    expect(failed.note(ADDRESS)).toBe(0)
  })
})
