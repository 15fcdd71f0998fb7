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
