import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { listenForStop } from './stop-signal.ts'

function listen() {
  const source = new EventEmitter()
  const ended: number[] = []
  let nowMs = 0
  const stop = listenForStop(
    (code) => ended.push(code),
    () => nowMs,
    source,
  )
  const send = (name: string, atMs: number): void => {
    nowMs = atMs
    source.emit(name)
  }
  return { source, ended, stop, send }
}

describe('a request to stop', () => {
  test('asks for an orderly end first, and ends at once the second time (Z1)', () => {
    const { ended, stop, send } = listen()
    send('SIGINT', 0)
    expect(stop.signal.aborted).toBe(true)
    expect(ended).toEqual([])
    send('SIGINT', 2_000)
    expect(ended).toEqual([130])
  })

  test('that arrives twice for one Ctrl-C is one (Z2)', () => {
    const { ended, send } = listen()
    send('SIGINT', 0)
    send('SIGINT', 20)
    expect(ended).toEqual([])
    send('SIGTERM', 900)
    expect(ended).toEqual([143])
  })

  test('is no longer listened for afterwards', () => {
    const { source, stop } = listen()
    stop[Symbol.dispose]()
    expect(source.listenerCount('SIGINT')).toBe(0)
  })
})
