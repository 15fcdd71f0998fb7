import fc from 'fast-check'
import parsePhoneNumber from 'libphonenumber-js/min'
import { expect, test } from 'vitest'
import { normaliseNumber } from './phone-number.ts'

test.each([
  ['+15550100001', '+15550100001'],
  ['+1 (555) 010-0001', '+15550100001'],
  ['0049 30 901820', '+4930901820'],
  [' +442079460000 ', '+442079460000'],
])('%s is %s', (raw, normalised) => expect(normaliseNumber(raw)).toBe(normalised))

test.each([
  'anonymous',
  'Restricted',
  'sip:ada@example.com',
  '911',
  '5550100001',
  '+0123456789',
  '+1555010000１',
  '+1',
  '',
  '+15550100001;ext=9',
])('%j is no number that can be called back, and the call goes on (C10)', (raw) =>
  expect(normaliseNumber(raw)).toBeNull(),
)

test('a North American number is what the library makes of it, without asking it', () => {
  const digits = fc.stringMatching(/^[2-9][0-9]{9}$/)
  fc.assert(
    fc.property(digits, (national) => {
      const text = `+1${national}`
      const number = parsePhoneNumber(text)
      expect(number?.isPossible()).toBe(true)
      expect(normaliseNumber(text)).toBe(number?.number)
    }),
    { numRuns: 1_000 },
  )
})
