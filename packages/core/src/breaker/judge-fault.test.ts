import { expect, test } from 'vitest'
import type { FaultVerdict } from '../ports/verdict.ts'
import { judgeFault } from './judge-fault.ts'

const verdict = (kind: FaultVerdict['kind'], detail: string): FaultVerdict =>
  kind === 'limited' ? { kind, detail, until: null } : { kind, detail }

test.each([
  ['retry', 'http_503', 5, 'failed'],
  ['retry', 'connection_refused', 1, 'failed'],
  ['unknown', 'http_500', 5, 'failed'],
  ['limited', 'http_429', 5, 'answered'],
  ['limited', 'too_many_searches', 5, 'answered'],
  ['limited', 'http_503', 5, 'failed'],
  ['retry', 'timeout', 2_000, 'failed'],
  ['retry', 'timeout', 100, 'failed'],
  ['retry', 'timeout', 99, 'unknown'],
  ['retry', 'deadline', 99, 'unknown'],
  ['retry', 'throttled', 500, 'unknown'],
  ['retry', 'circuit_open', 500, 'unknown'],
  ['unknown', 'connector_threw', 500, 'unknown'],
  ['missing', 'http_404', 5, 'answered'],
  ['refused', 'http_400', 5, 'answered'],
  ['auth', 'http_401', 5, 'answered'],
  ['conflict', 'http_409', 5, 'answered'],
] as const)('%s %s after %i ms means the system has %s', (kind, detail, ranMs, ending) => {
  expect(judgeFault(verdict(kind, detail), ranMs)).toBe(ending)
})
