import { describe, expect, test } from 'vitest'
import { furthest, parseCache } from './policy.ts'

const MINUTE_MS = 60_000

describe('the cache of a step', () => {
  test('is fresh for as long as it says, and stale for as long again', () => {
    const policy = { freshMs: 10 * MINUTE_MS, staleMs: 20 * MINUTE_MS }
    expect(parseCache('contact', '10m')).toEqual(policy)
  })

  test('says both', () => {
    const policy = { freshMs: MINUTE_MS, staleMs: 60 * MINUTE_MS }
    expect(parseCache('contact', { fresh: '1m', stale: '1h' })).toEqual(policy)
  })

  test.each([
    [{ fresh: '1h', stale: '1m' }, 'not less than cache.fresh'],
    ['0s', 'more than 0'],
    ['2d', 'at most 1d fresh'],
    [{ fresh: '1m', stale: '3d' }, '2d stale'],
    ['soon', 'is not a duration'],
  ] as const)('cannot be %j, and says why', (option, message) => {
    expect(() => parseCache('contact', option as '1m')).toThrow(message)
  })
})

test('a step that asked several times is as far from at hand as the furthest', () => {
  expect(furthest([])).toBeNull()
  expect(furthest([{}, { cache: null }])).toBeNull()
  expect(furthest([{ cache: 'fresh' }, { cache: 'stale' }, {}])).toBe('stale')
  expect(furthest([{ cache: 'fresh' }, { cache: 'miss' }, { cache: 'shared' }])).toBe('miss')
})
