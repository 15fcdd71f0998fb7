import { describe, expect, test } from 'vitest'
import type { Change } from './change.ts'
import { findStale } from './stale-queries.ts'

const keys: readonly string[][] = [
  ['session'],
  ['calls', 'all'],
  ['call', 'one'],
  ['trace', 'one'],
  ['call', 'two'],
  ['agents'],
  ['deliveries', 'endpoint'],
]
const stale = (change: Change) => keys.filter(findStale([change])).map((key) => key.join(' '))

describe('a change', () => {
  test('of a call makes the list and that call old', () => {
    expect(stale({ topic: 'calls', id: 'one', callId: null })).toEqual([
      'calls all',
      'call one',
      'trace one',
    ])
  })

  test('of a run makes the list and the call it belongs to old', () => {
    expect(stale({ topic: 'runs', id: 'run', callId: 'two' })).toEqual(['calls all', 'call two'])
  })

  test('of a delivery makes the deliveries and their call old', () => {
    expect(stale({ topic: 'deliveries', id: 'event', callId: 'one' })).toEqual([
      'call one',
      'trace one',
      'deliveries endpoint',
    ])
  })

  test('of the configuration makes what is configured old, and never the session', () => {
    expect(stale({ topic: 'config', id: 'agent', callId: null })).toEqual(['agents'])
  })
})
