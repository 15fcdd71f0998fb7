import { describe, expect, test } from 'vitest'
import { parseDuration } from './duration.ts'
import { WorkflowError } from './error.ts'

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['2s', 2_000],
    ['4.5s', 4_500],
    ['10m', 600_000],
    ['4h', 14_400_000],
    ['7d', 604_800_000],
  ])('%s is %i milliseconds', (text, expectedMs) => {
    expect(parseDuration(text)).toBe(expectedMs)
  })

  test.each(['', '2', 's', '-1s', '2 s', '1e3s', '2S', '2s ', '9999999999s'])(
    'refuses %j and says what would be right',
    (text) => {
      expect(() => parseDuration(text)).toThrow(WorkflowError)
      expect(() => parseDuration(text)).toThrow(/250ms/)
    },
  )
})
