import { describe, expect, test } from 'vitest'
import { renderShare } from './share.ts'

describe('a share', () => {
  test('of nothing is none', () => expect(renderShare(0, 0)).toBe('–'))
  test('is a whole hundred only when it is all', () => {
    expect(renderShare(100_000, 100_000)).toBe('100 %')
    expect(renderShare(99_999, 100_000)).toBe('99.9 %')
  })
  test('is nothing only when it is none', () => {
    expect(renderShare(0, 9)).toBe('0 %')
    expect(renderShare(1, 100_000)).toBe('0.1 %')
  })
})
