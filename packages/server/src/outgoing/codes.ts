import type { OutgoingCode } from '@bookend/core'

/** A failure that already has its code; it travels through undici and stays inside this folder. */
export class OutgoingFault extends Error {
  override readonly name = 'OutgoingFault'
  readonly code: OutgoingCode

  constructor(code: OutgoingCode) {
    super(code)
    this.code = code
  }
}

const CODE_OF: ReadonlyMap<string, OutgoingCode> = new Map<string, OutgoingCode>([
  ['ECONNREFUSED', 'connection_refused'],
  ['EHOSTUNREACH', 'connection_refused'],
  ['EHOSTDOWN', 'connection_refused'],
  ['ENETUNREACH', 'connection_refused'],
  ['EADDRNOTAVAIL', 'connection_refused'],
  ['EAFNOSUPPORT', 'connection_refused'],
  ['EACCES', 'connection_refused'],
  ['EPERM', 'connection_refused'],
  ['ETIMEDOUT', 'timeout'],
  ['EPROTO', 'tls_error'],
  ['CERT_HAS_EXPIRED', 'tls_error'],
  ['UND_ERR_HEADERS_OVERFLOW', 'headers_too_large'],
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['UND_ERR_INVALID_ARG', 'invalid_header'],
  ['UND_ERR_NOT_SUPPORTED', 'invalid_header'],
])

const TLS_CODE = /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

/** What is not known better is a connection that did not hold until the end. */
export function codeOf(error: unknown): OutgoingCode {
  if (error instanceof OutgoingFault) return error.code
  const name = nameOf(error)
  return CODE_OF.get(name) ?? (TLS_CODE.test(name) ? 'tls_error' : 'connection_reset')
}

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
