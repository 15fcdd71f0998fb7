import { describe, expect, test } from 'vitest'
import { WorkflowError } from '../kernel/error.ts'
import { toJournalOutput } from './output.ts'

describe('what a step yields', () => {
  test('is what the journal gives back later: dates are texts, undefined is null', () => {
    expect(toJournalOutput('s', { at: new Date(0), gone: undefined, list: [1] })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      list: [1],
    })
    expect(toJournalOutput('s', undefined)).toBeNull()
  })

  test('can be stored, whatever a caller said', () => {
    expect(toJournalOutput('s', 'a\u0000b\uD800c 😀')).toBe('a\uFFFDb\uFFFDc 😀')
  })

  const circle: { self?: unknown } = {}
  circle.self = circle
  test.each([
    ['a function', () => 1],
    ['a bigint', { n: 1n }],
    ['NaN', { n: Number.NaN }],
    ['Map', { map: new Map() }],
    ['Error', new Error('x')],
    ['circular', circle],
  ])('is refused when it is not JSON: %s', (what, value) => {
    expect(() => toJournalOutput('s', value)).toThrow(WorkflowError)
    expect(() => toJournalOutput('s', value)).toThrow(new RegExp(`must yield JSON.*${what}`, 's'))
  })

  test('is refused above 256 KiB, and says how large it was', () => {
    expect(() => toJournalOutput('s', 'x'.repeat(262_143))).toThrow('262145 bytes')
    expect(toJournalOutput('s', 'x'.repeat(262_142))).toHaveLength(262_142)
  })
})
