import { describe, expect, test } from 'vitest'
import { json, jsonObject, text } from './primitives.ts'

const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)

const messageOf = (result: { error?: { issues: readonly { message: string }[] } | undefined }) =>
  result.error?.issues.map(({ message }) => message)

describe('a JSON value from outside', () => {
  test('is taken up to eight levels, and no deeper (E4)', () => {
    expect(jsonObject(1_000).safeParse(nested(8)).success).toBe(true)
    expect(messageOf(jsonObject(1_000).safeParse(nested(9)))).toEqual([
      'must not be nested deeper than 8 levels',
    ])
  })

  test('that would overflow the stack is one finding, not a crash (B2)', () => {
    for (const schema of [jsonObject(1_000), json(1_000)]) {
      expect(messageOf(schema.safeParse(nested(200_000)))).toEqual([
        'must not be nested deeper than 8 levels',
      ])
    }
  })

  test.each([
    ['U+0000 in a value', { a: 'x\u0000' }],
    ['U+0000 in a name', { 'x\u0000': 1 }],
    ['a lone surrogate', { a: ['\uD800'] }],
    ['an own __proto__', JSON.parse('{"__proto__":{"isVip":true}}')],
    ['a number beyond what JSON carries', { a: Number.POSITIVE_INFINITY }],
  ])('with %s is refused, for PostgreSQL would (fact 12)', (_, value) => {
    expect(messageOf(jsonObject(1_000).safeParse(value))).toHaveLength(1)
  })

  test('is measured in bytes, not in characters', () => {
    expect(json(6).safeParse('äö').success).toBe(true)
    expect(messageOf(json(5).safeParse('äö'))).toEqual(['must be at most 5 bytes as JSON'])
  })

  test.each([[null], ['text'], [[1]], [undefined], [7]])('%j is not an object', (value) => {
    expect(messageOf(jsonObject(100).safeParse(value))).toEqual(['must be an object'])
  })
})

test('a text has no character that PostgreSQL refuses', () => {
  expect(text(10).safeParse('Zoë 👋').success).toBe(true)
  expect(text(10).safeParse('a\u0000').success).toBe(false)
  expect(text(10).safeParse('\uDC00').success).toBe(false)
})
