import { callStatuses } from '@bookend/contract'
import { describe, expect, test } from 'vitest'
import { advanceStatus, endOf, statusAfter, statusAtEnd } from './life.ts'

const ends = callStatuses.filter((status) => status !== 'ringing' && status !== 'in_progress')

describe('a call', () => {
  test('goes forward only, and stays at its first end (J6)', () => {
    expect(advanceStatus('ringing', 'in_progress')).toBe('in_progress')
    expect(advanceStatus('in_progress', 'ringing')).toBe('in_progress')
    for (const end of ends) {
      expect(advanceStatus('in_progress', end)).toBe(end)
      for (const other of callStatuses) expect(advanceStatus(end, other)).toBe(end)
    }
  })

  test('goes on as its outcome says', () => {
    expect(statusAfter({ type: 'continue' })).toBe('in_progress')
    expect(statusAfter({ type: 'transfer', to_number: '+15550100911' })).toBe('transferred')
    expect(statusAfter({ type: 'reject' })).toBe('rejected')
  })

  test('that nobody answered says so', () => {
    expect(statusAtEnd({ answered_by: 'no_answer' })).toBe('no_answer')
    expect(statusAtEnd({ answered_by: 'voicemail' })).toBe('completed')
  })
})

describe('the end of a call', () => {
  const createdAt = new Date('2026-11-26T12:00:00Z')
  const times = { startedAt: null, createdAt }
  const after = (seconds: number): Date => new Date(createdAt.getTime() + seconds * 1_000)

  test('is where it was reported, in whole seconds', () => {
    expect(endOf(times, after(61.4), after(62))).toEqual({
      endedAt: after(61.4),
      durationS: 61,
      flags: [],
    })
  })

  test('is now when nobody reports it', () => {
    expect(endOf(times, null, after(5)).endedAt).toEqual(after(5))
  })

  test.each([
    ['1970', new Date(0), after(0)],
    ['2099', new Date('2099-01-01'), after(5)],
  ])('in %s is clamped and flagged (C14)', (_, reported, endedAt) => {
    expect(endOf(times, reported, after(5))).toMatchObject({ endedAt, flags: ['ended_at_clamped'] })
  })
})
