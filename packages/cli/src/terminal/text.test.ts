import { describe, expect, test } from 'vitest'
import {
  columnsOf,
  fit,
  padEnd,
  padStart,
  printable,
  renderDuration,
  renderMs,
  wrap,
} from './text.ts'

describe('text for a terminal', () => {
  test('cannot colour, move the cursor or turn the line around (X1)', () => {
    expect(printable('\u001b[31mred\u0007 a\r\nb \u202eabc')).toBe('�[31mred� a b �abc')
  })

  test('is as wide as it is shown (X2)', () => {
    expect(['abc', '日本', 'e\u0301', '👩‍👩‍👧', 'Zoë'].map(columnsOf)).toEqual([3, 4, 1, 2, 3])
  })

  test('is cut with an ellipsis, and never in the middle of a wide character', () => {
    expect(fit('patient', 4)).toBe('pat…')
    expect(fit('日本語', 4)).toBe('日…')
    expect(fit('ab', 2)).toBe('ab')
    expect(fit('ab', 0)).toBe('')
  })

  test('is padded by columns', () => {
    expect(`${padEnd('日', 4)}|${padStart('7', 3)}`).toBe('日  |  7')
  })

  test('breaks between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  })

  test('keeps a number together', () => {
    expect([12, 1_234.6, 1_234_567].map(renderMs)).toEqual([
      '12 ms',
      '1\u00a0235 ms',
      '1\u00a0234\u00a0567 ms',
    ])
  })

  test.each([
    [9_999, '9 999 ms'],
    [12_340, '12.3 s'],
    [90_000, '1 min 30 s'],
    [14_400_000, '4 h'],
    [3_600_000 * 24 * 7, '7 d'],
    [3_600_000 * 25, '1 d 1 h'],
    [59_999.7, '60 s'],
    [3_599_999, '60 min'],
  ])('counts %d ms as people do', (ms, said) => {
    expect(renderDuration(ms).replaceAll('\u00a0', ' ')).toBe(said)
  })
})
