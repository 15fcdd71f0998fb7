import { describe, expect, test } from 'vitest'
import { parsePhone, phoneVariants, samePhone } from './phone-match.ts'

describe('a stored number', () => {
  test.each([
    ['+1 (415) 555-0100', '+14155550100'],
    ['(415) 555-0100', '+14155550100'],
    ['415.555.0100', '+14155550100'],
    ['14155550100', '+14155550100'],
    ['0014155550100', '+14155550100'],
    ['(415) 555-0100 x12', '+14155550100'],
    ['tel:+14155550100;ext=7', '+14155550100'],
    ['sip:+14155550100@pbx.example.com;user=phone', '+14155550100'],
    ['020 7946 0018', '+442079460018'],
    ['2079460018', '+442079460018'],
    ['00442079460018', '+442079460018'],
    ['442079460018', '+442079460018'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['06 1234 5678', '+390612345678'],
    ['+52 1 55 1234 5678', '+525512345678'],
    ['55 1234 5678', '+525512345678'],
    ['+54 11 2345-6789', '+5491123456789'],
    ['011 15 2345-6789', '+541123456789'],
    ['+55 11 8765-4321', '+5511987654321'],
    ['(11) 98765-4321', '+551187654321'],
    ['030/901820', '+4930901820'],
  ])('%s is the line %s', (stored, e164) => expect(samePhone(stored, e164)).toBe(true))

  test.each([
    ['+44 415 555 0100', '+14155550100'],
    ['5550100', '+14155550100'],
    ['+1 415 555 01001', '+14155550100'],
    ['2079460018', '+14155550100'],
    ['+390612345678', '+3961234567'],
    ['+55 11 3765-4321', '+5511937654321'],
    ['+15551234567', '+525551234567'],
    ['', '+14155550100'],
    ['call me', '+14155550100'],
    ['+14155550100 or +14155550101', '+14155550100'],
  ])('%s is not the line %s (N1)', (stored, e164) => expect(samePhone(stored, e164)).toBe(false))

  test('keeps its extension apart (N3)', () =>
    expect(parsePhone('(415) 555-0100 ext. 12', 'US')).toEqual({
      e164: '+14155550100',
      country: 'US',
      national: '4155550100',
      extension: '12',
    }))

  test.each([
    'anonymous',
    '911',
    '',
    '+',
    'sip:ada@example.com',
    '1'.repeat(200),
    '+14155550100\0',
  ])('%j is none (N2)', (raw) => expect(parsePhone(raw, 'US')).toBeNull())

  test('of an unknown country needs its country code', () => {
    expect(parsePhone('(415) 555-0100', 'XX')).toBeNull()
    expect(parsePhone('+14155550100', 'XX')?.e164).toBe('+14155550100')
  })
})

describe('how a number may be stored', () => {
  test.each([
    [
      '+14155550100',
      [
        '+14155550100',
        '14155550100',
        '4155550100',
        '(415) 555-0100',
        '415-555-0100',
        '415.555.0100',
        '0014155550100',
      ],
    ],
    [
      '+442079460018',
      [
        '+442079460018',
        '442079460018',
        '2079460018',
        '02079460018',
        '020 7946 0018',
        '00442079460018',
      ],
    ],
  ])('%s', (e164, forms) => expect(phoneVariants(e164)).toEqual(forms))

  test.each([
    ['+525512345678', '+5215512345678'],
    ['+5215512345678', '+525512345678'],
    ['+541123456789', '+5491123456789'],
    ['+5491123456789', '+541123456789'],
    ['+5511987654321', '+551187654321'],
  ])('%s also as %s', (e164, other) => {
    const forms = phoneVariants(e164)
    expect([...forms, ...phoneVariants(other)]).toContain(other)
    expect(forms.length).toBeLessThanOrEqual(8)
  })

  test('is not asked for what is no number (N2)', () =>
    expect(phoneVariants('anonymous')).toEqual([]))

  test('is always found again', () => {
    for (const e164 of ['+14155550100', '+442079460018', '+390612345678', '+4930901820']) {
      for (const form of phoneVariants(e164))
        expect([form, samePhone(form, e164)]).toEqual([form, true])
    }
  })
})
