import { describe, expect, test } from 'vitest'
import { directionOf, readNumber, readParties } from './numbers.ts'

describe('a number', () => {
  test.each([
    ['+447700900142', '+447700900142'],
    [' +44 7700 900-142 ', '+447700900142'],
    ['+1 (555) 01.23', '+15550123'],
  ])('is read from %j', (sent, number) => {
    expect(readNumber(sent)).toEqual({ number, raw: null, uri: null })
  })

  test.each([
    'anonymous',
    'Restricted',
    'unknown',
    '+12345',
    `+${'1'.repeat(16)}`,
    '+44x7700900142',
  ])('is not %j, which is kept as it was sent', (sent) => {
    expect(readNumber(sent)).toEqual({ number: null, raw: sent, uri: null })
  })

  test.each(['', '  ', '{{from}}', '{{ from }}', null, undefined, {}, [], true])(
    'is not %j, which says nothing at all',
    (sent) => {
      expect(readNumber(sent)).toEqual({ number: null, raw: null, uri: null })
    },
  )

  test.each([
    ['sip:+447700900142@carrier.example;user=phone', '+447700900142'],
    ['<sips:+447700900142@carrier.example>', '+447700900142'],
    ['tel:+44-7700-900142', '+447700900142'],
    ['sip:reception@clinic.example', null],
  ])('stands in %s, if its user part is one', (sent, number) => {
    expect(readNumber(sent)).toEqual({ number, raw: null, uri: sent.replaceAll(/[<>]/g, '') })
  })

  test('without its plus is one only for a carrier that sends digits', () => {
    expect(readNumber('447700900142')).toEqual({ number: null, raw: '447700900142', uri: null })
    expect(readNumber('447700900142', 'digits').number).toBe('+447700900142')
    expect(readNumber(447700900142, 'digits').number).toBe('+447700900142')
    expect(readNumber('+447700900142', 'digits').number).toBe('+447700900142')
  })

  test.each(['266696687', '+266696687', '+7378742833', '+86282452253'])(
    'is not %s, a word spelt on a keypad (N2)',
    (sent) => {
      expect(readNumber(sent, 'digits').number).toBeNull()
    },
  )

  test('of any length takes no longer to read', () => {
    expect(readNumber('+'.repeat(5_000_000)).raw).toHaveLength(256)
  })
})

test('both parties are read, each with what was sent instead', () => {
  expect(readParties('anonymous', 'tel:+15550123', 'e164')).toEqual({
    from_number: null,
    to_number: '+15550123',
    context: [
      ['from_raw', 'anonymous'],
      ['to_raw', null],
      ['from_uri', null],
      ['to_uri', 'tel:+15550123'],
    ],
  })
})

test.each([
  ['outbound-api', 'outbound'],
  ['outgoing', 'outbound'],
  ['INBOUND', 'inbound'],
  ['incoming', 'inbound'],
  ['sideways', null],
  [1, null],
])('%j is %j', (word, direction) => {
  expect(directionOf(word)).toBe(direction)
})
