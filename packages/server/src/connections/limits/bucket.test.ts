import { describe, expect, test } from 'vitest'
import { Bucket } from './bucket.ts'

const now = new Date('2026-01-05T09:00:00Z')
const later = (ms: number): Date => new Date(now.getTime() + ms)

function takeAll(bucket: Bucket, lane: 'caller' | 'journey'): number {
  let taken = 0
  while (bucket.waitMs(lane, now, 0) === 0 && taken < 1_000) {
    bucket.take(0)
    taken += 1
  }
  return taken
}

describe('a bucket', () => {
  test('gives journeys 70 % and callers the rest (B2)', () => {
    const bucket = new Bucket({ limit: 100, perMs: 10_000 }, 0)
    expect(takeAll(bucket, 'journey')).toBe(70)
    expect(takeAll(bucket, 'caller')).toBe(30)
    expect(bucket.waitMs('caller', now, 0)).toBe(100)
    expect(bucket.waitMs('journey', now, 0)).toBe(3_100)
  })

  test('fills again in the time of its rule', () => {
    const bucket = new Bucket({ limit: 4, perMs: 1_000 }, 0)
    expect(takeAll(bucket, 'caller')).toBe(4)
    expect(bucket.waitMs('caller', now, 250)).toBe(0)
    bucket.take(250)
    expect(bucket.waitMs('caller', now, 250)).toBe(250)
    expect(bucket.waitMs('caller', now, 60_000)).toBe(0)
  })

  test('of one has nothing to keep back, and still serves journeys', () => {
    expect(takeAll(new Bucket({ limit: 1, perMs: 1_000 }, 0), 'journey')).toBe(1)
  })

  test('believes the system more than its rule (B1)', () => {
    const bucket = new Bucket({ limit: 100, perMs: 10_000 }, 0)
    bucket.saw({ limit: 100, remaining: 1, resetAt: later(8_000) }, 0)
    expect(bucket.waitMs('journey', now, 0)).toBe(8_000)
    expect(bucket.waitMs('caller', now, 0)).toBe(0)
    bucket.take(0)
    expect(bucket.waitMs('caller', now, 0)).toBe(8_000)
    expect(bucket.waitMs('caller', later(8_000), 8_000)).toBe(0)
  })

  test('is not asked before the time that a refusal named, and the longest of them counts (B3)', () => {
    const bucket = new Bucket(null, 0)
    bucket.block(later(5_000))
    bucket.block(later(1_000))
    expect(bucket.waitMs('caller', now, 0)).toBe(5_000)
    expect(bucket.waitMs('caller', later(5_000), 5_000)).toBe(0)
  })
})
