import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCacheKey, toJsonText } from './json-text.ts'

const deep = (levels: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

describe('a result as text', () => {
  test('comes back as it was, if it is kept at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // Written and read once: the sign of zero is not JSON's to keep.
        const expected: unknown = JSON.parse(JSON.stringify(value))
        expect(JSON.parse(toJsonText(value) ?? 'none')).toEqual(expected)
      }),
    )
  })

  test.each([
    ['a date', { at: new Date(0) }],
    ['a bigint', [1n]],
    ['a number that is none', { rate: Number.NaN }],
    ['a buffer', Buffer.from('a')],
    ['a map', new Map()],
    ['an instance', new URL('https://example.com')],
    ['what writes itself in its own way', { toJSON: () => 1 }],
    ['undefined', undefined],
    ['a hole', [undefined]],
    ['what is nested deeper than the stack', deep(200_000)],
  ])('is not made of %s', (_, value) => {
    expect(toJsonText(value)).toBeNull()
  })

  test('keeps the answer that there is nothing', () => {
    expect(toJsonText(null)).toBe('null')
    expect(toJsonText({ name: undefined })).toBe('{}')
  })
})

describe('the key of a question (B9)', () => {
  test('is the same whatever the order of the fields', () => {
    expect(createCacheKey([{ a: 1, b: { c: 2, d: 3 } }])).toBe(
      createCacheKey([{ b: { d: 3, c: 2 }, a: 1 }]),
    )
  })

  test.each([
    ['values', [{ phone: '1' }], [{ phone: '2' }]],
    ['types', [{ phone: '1' }], [{ phone: 1 }]],
    ['places', ['a', 'bc'], ['ab', 'c']],
    ['lists and their order', [[1, 2]], [[2, 1]]],
    ['null and absent', [{ a: null }], [{}]],
  ])('tells %s apart', (_, one, other) => {
    expect(createCacheKey(one)).not.toBe(createCacheKey(other))
  })

  test('is none for a question that cannot be told apart', () => {
    expect(createCacheKey([{ at: new Date() }])).toBeNull()
    expect(createCacheKey([deep(200_000)])).toBeNull()
  })
})
