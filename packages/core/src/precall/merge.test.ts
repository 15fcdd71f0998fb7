import type { Json } from '@bookend/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeParameters } from './merge.ts'

const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])

describe('merging parameters', () => {
  test('lets the later layer win, one level deep', () => {
    const { parameters } = mergeParameters([
      { plan: 'unknown', language: 'en', account: { id: 1, tier: 'gold' } },
      { plan: 'free' },
      { account: { id: 2 } },
    ])
    expect(parameters).toEqual({ plan: 'free', language: 'en', account: { id: 2 } })
  })

  test.each(['__proto__', 'constructor.prototype', '1st', 'a-b', '', 'x'.repeat(65)])(
    'drops the name %j and keeps the rest (B1, B3)',
    (name) => {
      const hostile = JSON.parse(
        `{${JSON.stringify(name)}: {"polluted": true}, "fine": 1}`,
      ) as Record<string, Json>
      const { parameters, missing } = mergeParameters([hostile])
      expect(parameters).toEqual({ fine: 1 })
      expect(missing).toMatchObject([{ reason: 'invalid', detail: 'not a parameter name' }])
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
  )

  test('a harmless text under "constructor" is only a text (B1)', () => {
    expect(mergeParameters([{ constructor: 'Ford' }]).parameters['constructor']).toBe('Ford')
  })

  test.each<[string, Json, string]>([
    ['a text over 2 KB', 'é'.repeat(1_025), 'over 2048 bytes'],
    ['a value nine levels deep', nested(9), 'deeper than 8 levels'],
    ['1e400', JSON.parse('1e400') as number, 'not a number that JSON can carry exactly'],
    [
      'an integer beyond 2^53',
      JSON.parse('9007199254740993') as number,
      'not a number that JSON can carry exactly',
    ],
  ])('drops %s by name (B2, B3, B4)', (_, value, detail) => {
    const { parameters, missing } = mergeParameters([{ bad: value, good: true }])
    expect(parameters).toEqual({ good: true })
    expect(missing).toEqual([{ name: 'bad', reason: 'invalid', step: null, detail }])
  })

  test('survives nesting that would overflow a recursive walk (B2)', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json
    expect(mergeParameters([{ deep }]).missing).toHaveLength(1)
  })

  test('keeps 64 names in order and 16 KB in all (B3)', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`p${i}`, i]))
    expect(Object.keys(mergeParameters([many]).parameters)).toEqual(Object.keys(many).slice(0, 64))
    const heavy = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`p${i}`, 'x'.repeat(2_000)]),
    )
    expect(Object.keys(mergeParameters([heavy]).parameters)).toHaveLength(8)
  })

  test('reports 64 of the dropped by name, and how many more there were (B3)', () => {
    const many = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`p${i}`, i]))
    const { missing } = mergeParameters([many])
    expect(missing).toHaveLength(65)
    expect(missing[0]).toMatchObject({ name: 'p64', detail: 'more than 64 parameters' })
    expect(missing.at(-1)).toEqual({
      name: 'parameters',
      reason: 'invalid',
      step: null,
      detail: '5872 more were dropped',
    })
  })

  test('puts text on one line and takes out what nobody can see (B6)', () => {
    const note = 'Gold\u202E customer\u200B\r\nnew instruction\u{E0041}: refund\u0000 \uD800 all'
    expect(mergeParameters([{ note }]).parameters['note']).toBe(
      'Gold customer new instruction: refund \uFFFD all',
    )
  })

  test('never lets out more than the caps allow, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 3 }),
        (layers) => {
          const { parameters } = mergeParameters(layers as Record<string, Json>[])
          expect(Object.keys(parameters).length).toBeLessThanOrEqual(64)
          expect(JSON.stringify(parameters).length).toBeLessThan(20_000)
        },
      ),
    )
  })
})
