import { describe, expect, test } from 'vitest'
import { maskDeep, maskNumber, maskText } from './mask.ts'

describe('what is masked', () => {
  test.each([
    ['+15550100001', '+1 ••• ••• ••01'],
    ['+447700900146', '+44 ••• ••• ••46'],
    ['+420601123456', '+420 ••• ••• ••56'],
    ['anonymous', 'anonymous'],
    ['sip:desk-4@acme.example', 'sip:•••'],
    ['112', '••• •••'],
  ])('of the number %s is %s', (raw, masked) => expect(maskNumber(raw)).toBe(masked))

  test.each([
    ['ada@acme.com', 'a•••@acme.com'],
    ['My router is dead again', '•••, 23 characters'],
    ['A', '•••, 1 character'],
    ['+15550100001', '+1 ••• ••• ••01'],
    ['018f4c1e-0000-7000-8000-000000000001', '018f4c1e-0000-7000-8000-000000000001'],
    ['2026-11-26T10:00:00.000Z', '2026-11-26T10:00:00.000Z'],
    ['', ''],
  ])('of the text %s is %s', (raw, masked) => expect(maskText(raw)).toBe(masked))

  test('is every text at any depth, and nothing else', () => {
    expect(maskDeep({ vip: true, tickets: [{ open: 2, about: 'bill' }], none: null })).toEqual({
      vip: true,
      tickets: [{ open: 2, about: '•••, 4 characters' }],
      none: null,
    })
  })
})
