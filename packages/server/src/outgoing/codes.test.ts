import { expect, test } from 'vitest'
import { codeOf, OutgoingFault } from './codes.ts'

const withCode = (code: unknown): Error => Object.assign(new Error('10.0.0.1:6379'), { code })

test.each([
  ['ECONNREFUSED', 'connection_refused'],
  ['EHOSTUNREACH', 'connection_refused'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'connection_reset'],
  ['EPIPE', 'connection_reset'],
  ['UND_ERR_SOCKET', 'connection_reset'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'connection_reset'],
  ['HPE_INVALID_CONSTANT', 'connection_reset'],
  ['UND_ERR_HEADERS_OVERFLOW', 'headers_too_large'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_error'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_error'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_error'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_error'],
  ['CERT_HAS_EXPIRED', 'tls_error'],
  ['EPROTO', 'tls_error'],
  ['UND_ERR_INVALID_ARG', 'invalid_header'],
])('%s is told as %s (A10)', (code, told) => {
  expect(codeOf(withCode(code))).toBe(told)
})

test('a fault keeps its code, and anything else is a lost connection', () => {
  expect(codeOf(new OutgoingFault('blocked'))).toBe('blocked')
  for (const odd of [null, undefined, 'text', {}, withCode(7), withCode('toString')]) {
    expect(codeOf(odd)).toBe('connection_reset')
  }
})
