import { fakeClock } from '@bookend/core/testing'
import { expect, test, vi } from 'vitest'
import { DatabaseAwayError } from '../store/database.ts'
import { createPatience } from './patience.ts'

const away = new DatabaseAwayError('away')

test('work waits for a database that is away, longer each time (F7)', async () => {
  const clock = fakeClock()
  const patience = createPatience(clock, new AbortController().signal)
  const work = vi.fn<() => Promise<string>>()
  work.mockRejectedValueOnce(away).mockRejectedValueOnce(away).mockResolvedValue('there')
  const answer = patience(work)
  await clock.advance(250)
  expect(work).toHaveBeenCalledTimes(2)
  await clock.advance(499)
  expect(work).toHaveBeenCalledTimes(2)
  await clock.advance(1)
  expect(await answer).toBe('there')
})

test('what the database refuses is not asked again', async () => {
  const patience = createPatience(fakeClock(), new AbortController().signal)
  const work = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('refused'))
  await expect(patience(work)).rejects.toThrow('refused')
  expect(work).toHaveBeenCalledOnce()
})

test('a process that stops waits no longer', async () => {
  const clock = fakeClock()
  const stop = new AbortController()
  const answer = createPatience(clock, stop.signal)(() => Promise.reject(away))
  await clock.advance(10)
  stop.abort()
  await expect(answer).rejects.toThrow(DatabaseAwayError)
  expect(clock.pendingTimers).toBe(0)
})
