import type { HttpResult, OutgoingCode } from '@bookend/core'
import { describe, expect, test } from 'vitest'
import { judge } from './judge.ts'

const phases = {
  queuedMs: null,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  sendMs: null,
  waitMs: null,
  receiveMs: null,
  totalMs: 1,
}
const answered = (status: number, headers: Record<string, string> = {}): HttpResult => {
  const body = new Uint8Array()
  return { kind: 'answered', status, headers, body, sent: true, phases, reusedConnection: false }
}
const failed = (code: OutgoingCode, status: number | null = null): HttpResult => {
  return { kind: 'failed', code, status, sent: true, phases }
}

describe('an answer means', () => {
  test.each([200, 201, 202, 204, 299])('%i: delivered', (status) => {
    expect(judge(answered(status))).toEqual({ kind: 'delivered', status })
  })

  test.each([400, 401, 404, 409, 429, 500, 503])('%i: failed, to be tried again', (status) => {
    expect(judge(answered(status))).toMatchObject({ kind: 'failed', status, error: 'http_status' })
  })

  test('410: gone, also when its body is too large', () => {
    expect(judge(answered(410))).toEqual({ kind: 'gone' })
    expect(judge(failed('response_too_large', 410))).toEqual({ kind: 'gone' })
  })

  test('a later attempt, when it says so', () => {
    const result = answered(503, { 'retry-after': '120' })
    expect(judge(result)).toMatchObject({ kind: 'failed', retryAfter: '120' })
  })
})

describe('an exchange that broke off means', () => {
  test.each(['timeout', 'connection_reset'] as const)('%s: failed, even after a 200', (code) => {
    expect(judge(failed(code, 200))).toMatchObject({ kind: 'failed', error: code })
  })

  test.each(['response_too_large', 'unsupported_encoding'] as const)(
    '%s after a 200: delivered, for we would not read it',
    (code) => expect(judge(failed(code, 200))).toEqual({ kind: 'delivered', status: 200 }),
  )

  test('throttled: held, for nothing was sent and the endpoint did nothing', () => {
    expect(judge(failed('throttled'))).toEqual({ kind: 'held' })
  })

  test('a redirect: failed, with its status', () => {
    const verdict = judge(failed('redirect_refused', 307))
    expect(verdict).toMatchObject({ kind: 'failed', status: 307, error: 'redirect_refused' })
  })
})
