import { describe, expect, test } from 'vitest'
import { fieldsOf, idOf, jsonOf, numberOf, secondsOf } from './fields.ts'
import { parseForm } from './form.ts'
import { credentialsOf } from './headers.ts'
import { parseJsonBody, parseJsonText } from './json.ts'
import { addSeconds, isoFromMs, isoFromSeconds, isoFromText, secondsBetween } from './times.ts'

describe('a JSON body', () => {
  test('loses `__proto__` at every depth, however it is spelt (R1)', () => {
    const text = '{"a":[{"__proto__":{"x":1},"\\u005f_proto__":2,"b":3}]}'
    expect(parseJsonText(text)).toEqual({ a: [{ b: 3 }] })
  })

  test('holds nothing that PostgreSQL refuses (R1)', () => {
    expect(parseJsonText('{"a\\u0000":"b\\ud800c\\u00e9"}')).toEqual({ 'a\uFFFD': 'b\uFFFDcé' })
  })

  test('is none when it is nested without end (R2)', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJsonText(nested(64))).toBeDefined()
    expect(parseJsonText(nested(65))).toBeUndefined()
    expect(parseJsonText(nested(300_000))).toBeUndefined()
  })

  test.each(['', 'x', '{', '{"a":}', '\uFEFF'])('is none when it is %j', (text) => {
    expect(parseJsonBody(Buffer.from(text))).toBeUndefined()
  })
})

describe('a value', () => {
  test('that is inherited is no field', () => {
    expect(Object.keys(fieldsOf([]))).toEqual([])
    expect(numberOf(fieldsOf('x')['constructor'])).toBeNull()
    expect(idOf(fieldsOf({})['toString'])).toBeNull()
  })

  test('is a number, also as text', () => {
    expect(['60', ' 07 ', '1.5', '-2', 3].map(numberOf)).toEqual([60, 7, 1.5, -2, 3])
    expect(
      ['', 'x', '1e3', '0x1', NaN, Infinity, null, true, '9'.repeat(400)].map(numberOf),
    ).toEqual(Array.from({ length: 9 }, () => null))
  })

  test('is an id, of bounded length', () => {
    expect([' a ', 12, '', ' ', {}, NaN, 'x'.repeat(257)].map(idOf)).toEqual([
      'a',
      '12',
      null,
      null,
      null,
      null,
      null,
    ])
  })

  test('is whole seconds, never negative', () => {
    expect(['59.6', 60.4, -3, null].map(secondsOf)).toEqual([60, 60, 0, null])
  })

  test('is JSON inside text, if it is that', () => {
    expect([jsonOf('{"a":1}'), jsonOf('{a'), jsonOf(2), jsonOf(undefined)]).toEqual([
      { a: 1 },
      '{a',
      2,
      null,
    ])
  })
})

describe('an instant', () => {
  const iso = '2026-03-02T15:04:05.000Z'

  test('is read from what platforms write', () => {
    expect(isoFromMs(1_772_463_845_000)).toBe(iso)
    expect(isoFromSeconds('1772463845')).toBe(iso)
    expect(isoFromText('Mon, 02 Mar 2026 15:04:05 +0000')).toBe(iso)
    expect(isoFromText('2026-03-02T15:04:05.000999+00:00')).toBe(iso)
    expect(isoFromText('2026-03-02T16:04:05+01:00')).toBe(iso)
  })

  test('without a zone is meant as UTC, wherever this runs', () => {
    expect(isoFromText('2026-03-02T15:04:05')).toBe(iso)
    expect(isoFromText('2026-03-02 15:04:05')).toBe(iso)
  })

  test.each([0, -1, NaN, Infinity, 8.64e15, '', 'soon', null, {}, 'x'.repeat(100)])(
    'is not %j',
    (value) => {
      expect([isoFromMs(value), isoFromText(value)]).toEqual([null, null])
    },
  )

  test('and another are whole seconds apart, never fewer than none', () => {
    const later = addSeconds(iso, 60)
    expect([secondsBetween(iso, later), secondsBetween(later, iso)]).toEqual([60, 0])
    expect([addSeconds(null, 1), addSeconds(iso, null), secondsBetween(null, iso)]).toEqual([
      null,
      null,
      null,
    ])
  })
})

test('a form keeps the first of a repeated name, and no name is special', () => {
  const form = parseForm(Buffer.from('a=1&a=2&__proto__=3&b=%00&c'))
  expect([...form]).toEqual([
    ['a', '1'],
    ['__proto__', '3'],
    ['b', '\uFFFD'],
    ['c', ''],
  ])
})

test('the name of a scheme has no case', () => {
  expect(credentialsOf('bEARER  x y ', 'bearer')).toBe('x y')
  expect(credentialsOf('Basic x', 'bearer')).toBeNull()
  expect(credentialsOf(null, 'bearer')).toBeNull()
})
