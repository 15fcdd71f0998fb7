import { ConnectorFault } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { hostileTexts } from '../testing/hostile-texts.ts'
import { bind, checkId, quote } from './soql.ts'
import { parseSoql } from './testing/soql.ts'

describe('a value in a query (D6)', () => {
  test.each(Object.entries(hostileTexts))('is one literal and nothing else: %s', (_name, text) => {
    const asked = text.replaceAll('\0', '')
    const { holds, named } = parseSoql(`SELECT Id FROM Contact WHERE LastName = ${quote(asked)}`)
    expect(named).toEqual(['LastName'])
    expect(holds({ LastName: asked })).toBe(true)
    expect(holds({ LastName: `${asked}x` })).toBe(false)
  })

  test('with a NUL in it is refused', () => {
    expect(() => quote('a\0b')).toThrow(ConnectorFault)
  })

  test.each([
    ['text', "x = 'O\\'Brien \\\\'", "O'Brien \\"],
    ['a number', 'x = 1.5', 1.5],
    ['true', 'x = true', true],
    ['null', 'x = null', null],
    ['a list', "x = ('a','b\\'',3)", ['a', "b'", 3]],
    ['a day', 'x = 2026-01-05', { date: '2026-01-05' }],
    ['an instant', 'x = 2026-01-05T08:00:00.000Z', { instant: '2026-01-05T09:00:00+01:00' }],
  ])('is a literal of its type: %s', (_name, soql, v) => {
    expect(bind('x = :v', { v })).toBe(soql)
  })

  test('is put nowhere inside quotes, nor into an instant or a date function', () => {
    const soql = "a = ':v' AND b = '\\':v' AND c > 2026-01-05T09:00:00Z AND d = LAST_N_DAYS:30"
    expect(bind(`${soql} AND e = :v`, { v: ':v' })).toBe(`${soql} AND e = ':v'`)
  })

  test.each(['missing', 'constructor', '__proto__'])('must be given: %s', (name) => {
    expect(() => bind(`x = :${name}`, { v: 1 })).toThrow('value_not_given')
  })
})

test.each(['', "003'", '../Contact', '003000000000001%', '00300000000000', '*'])(
  'is no id of a record: %j',
  (id) => expect(() => checkId(id)).toThrow('id_is_no_record_id'),
)
