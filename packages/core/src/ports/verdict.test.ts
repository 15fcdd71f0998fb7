import { describe, expect, test } from 'vitest'
import { defineConnector } from './connector.ts'
import type { HttpResult, OutgoingCode } from './http.ts'
import { classifyHttp, parseRetryAfter } from './verdict.ts'
import { z } from 'zod'

const now = new Date('2026-01-01T00:00:00Z')
const phases = {
  queuedMs: 0,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  receiveMs: null,
  totalMs: 0,
}

function answered(status: number, headers: Record<string, string> = {}): HttpResult {
  const body = new Uint8Array()
  return { kind: 'answered', status, headers, body, sent: true, phases, reusedConnection: false }
}

function failed(code: OutgoingCode, sent: boolean, status: number | null = null): HttpResult {
  return { kind: 'failed', code, sent, status, phases }
}

describe('the default table of verdicts', () => {
  test.each([
    ['2xx', answered(204), 'ok', 'ok'],
    ['a name that is not found', failed('dns_error', false), 'retry', 'retry'],
    ['a refused connection (V2)', failed('connection_refused', false), 'retry', 'retry'],
    ['a time-out before sending (V2)', failed('timeout', false), 'retry', 'retry'],
    ['a bad certificate', failed('tls_error', false), 'refused', 'refused'],
    ['a blocked address', failed('blocked', false), 'refused', 'refused'],
    ['a redirect', failed('redirect_refused', true, 302), 'refused', 'refused'],
    ['a reset after sending (V1)', failed('connection_reset', true), 'retry', 'unknown'],
    ['a time-out after sending (V1)', failed('timeout', true), 'retry', 'unknown'],
    ['a cut body of a 200 (V1)', failed('connection_reset', true, 200), 'retry', 'unknown'],
    ['a too large 422', failed('response_too_large', true, 422), 'refused', 'refused'],
    ['400', answered(400), 'refused', 'refused'],
    ['401', answered(401), 'auth', 'auth'],
    ['403', answered(403), 'refused', 'refused'],
    ['404', answered(404), 'missing', 'refused'],
    ['408 (V1)', answered(408), 'retry', 'unknown'],
    ['409', answered(409), 'conflict', 'conflict'],
    ['412', answered(412), 'conflict', 'conflict'],
    ['425', answered(425), 'limited', 'limited'],
    ['429', answered(429), 'limited', 'limited'],
    ['500 (V1)', answered(500), 'retry', 'unknown'],
    ['503 with Retry-After', answered(503, { 'retry-after': '5' }), 'limited', 'limited'],
    ['503 without (V1)', answered(503), 'retry', 'unknown'],
  ])('%s', (_name, result, read, write) => {
    expect(classifyHttp(result, 'read', now).kind).toBe(read)
    expect(classifyHttp(result, 'write', now).kind).toBe(write)
  })

  test.each([
    ['5', 5_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['999999999', 86_400_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['-1', null],
    [undefined, null],
  ])('reads Retry-After %s (V3)', (value, waitMs) => {
    const until = parseRetryAfter(value, now)
    expect(until === null ? null : until.getTime() - now.getTime()).toBe(waitMs)
  })
})

test('a connector refuses names outside the rule', () => {
  const rest = { label: 'X', settings: z.object({}), auth: z.object({}) }
  expect(() => defineConnector({ ...rest, id: 'Not Kebab', actions: {} })).toThrow(RangeError)
  expect(() => defineConnector({ ...rest, id: 'x', actions: { send: {} } })).toThrow(RangeError)
  const actions = { 'a.b': { bucket: 'search' } }
  expect(() => defineConnector({ ...rest, id: 'x', actions })).toThrow('counts against no bucket')
  const buckets = { search: { limit: 4, perMs: 1_000 } }
  expect(defineConnector({ ...rest, id: 'x', actions, buckets }).buckets).toBe(buckets)
})
