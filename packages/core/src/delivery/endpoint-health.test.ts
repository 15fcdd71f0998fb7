import { describe, expect, test } from 'vitest'
import { endpointWarning, judgeEndpoint } from './endpoint-health.ts'

const now = new Date('2026-03-10T12:00:00.000Z')
const HOUR_MS = 3_600_000
const after = (hours: number, failuresInRow = 10, isWarned = false) =>
  judgeEndpoint(
    { failuresInRow, isWarned, failingSince: new Date(now.getTime() - hours * HOUR_MS) },
    now,
  )

describe('an endpoint that fails', () => {
  test('is kept for a day, warned of once, and disabled after five days (H1)', () => {
    expect([after(0), after(23.9), after(24), after(24, 10, true)]).toEqual([
      'keep',
      'keep',
      'warn',
      'keep',
    ])
    expect([after(119.9, 10, true), after(120, 10, true), after(120)]).toEqual([
      'keep',
      'disable',
      'disable',
    ])
  })

  test('is kept while fewer than ten attempts in a row have failed, for however long', () => {
    expect(after(1_000, 9)).toBe('keep')
  })

  test('that answered last is well', () => {
    expect(judgeEndpoint({ failuresInRow: 0, failingSince: null, isWarned: false }, now)).toBe(
      'keep',
    )
  })

  test('is told when it will be disabled', () => {
    expect(endpointWarning(now)).toBe(
      'Every delivery since 2026-03-10T12:00:00.000Z has failed; the webhook is disabled at 2026-03-15T12:00:00.000Z unless one succeeds',
    )
  })
})
