import { describe, expect, test, vi } from 'vitest'
import { Stop } from './stop.ts'

const listener = () => ({ handleEvent: vi.fn<() => void>() })

describe('the end of a step', () => {
  test('is told once to each who listens, and to none who left', () => {
    const stop = new Stop()
    const [stays, leaves] = [listener(), listener()]
    stop.addEventListener('abort', stays)
    stop.addEventListener('abort', leaves)
    stop.removeEventListener('abort', leaves)
    expect(stop.aborted).toBe(false)
    stop.abort()
    stop.abort()
    expect(stop.aborted).toBe(true)
    expect(stays.handleEvent).toHaveBeenCalledTimes(1)
    expect(leaves.handleEvent).not.toHaveBeenCalled()
  })

  test('aborts the signal that somebody asked for', () => {
    const stop = new Stop()
    const { signal } = stop
    expect(stop.signal).toBe(signal)
    stop.abort()
    expect(signal.aborted).toBe(true)
  })

  test('is over already for who asks for a signal afterwards', () => {
    const stop = new Stop()
    stop.abort()
    expect(stop.signal.aborted).toBe(true)
  })

  test('knows whether anybody would be told', () => {
    const stop = new Stop()
    const one = listener()
    expect(stop.isHeard).toBe(false)
    stop.addEventListener('abort', one)
    expect(stop.isHeard).toBe(true)
    stop.removeEventListener('abort', one)
    expect(stop.isHeard).toBe(false)
    expect(stop.signal.aborted).toBe(false)
    expect(stop.isHeard).toBe(true)
  })
})
