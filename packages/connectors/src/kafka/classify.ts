// What a failure means for the step, from the protocol's own code and from what was written.
//
// E1. A record that was written and not answered for may be there: `unknown`.
// E2. A code that says "not now" speaks of its own try: where an earlier one was lost, that one may
//     be there.
// E3. The detail is a code. What is said beside it may hold a topic or a host, and is never repeated.

import type { FaultVerdict } from '@bookend/core'

/** Not appended. */
const LATER = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_CONTROLLER',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'KAFKA_STORAGE_ERROR',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
])
const UNCLEAR = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'UNKNOWN'])
const CREDENTIAL = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
])

/** A broker gives no number to a producer that may not be idempotent, or knows no such thing. */
const NO_NUMBERS = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSNotImplemented',
  // It names a controller that is none of its brokers.
  'KafkaJSBrokerNotFound',
])

/** @param tries How often the record was written. */
export function classifyKafka(error: unknown, tries: number): FaultVerdict {
  const { name, type, code } = rootOf(error)
  if (type !== '') {
    const detail = `kafka_${type.toLowerCase()}`
    if (UNCLEAR.has(type) || (LATER.has(type) && tries > 1)) return { kind: 'unknown', detail }
    if (LATER.has(type)) return { kind: 'retry', detail }
    return { kind: CREDENTIAL.has(type) ? 'auth' : 'refused', detail }
  }
  if (tries > 0) return { kind: 'unknown', detail: 'connection_lost' }
  if (name === 'KafkaJSSASLAuthenticationError') return { kind: 'auth', detail: 'sasl_refused' }
  // Such as to ask for a password.
  if (name === 'KafkaJSServerDoesNotSupportApiKey') {
    return { kind: 'refused', detail: 'kafka_unsupported_request' }
  }
  if (/CERT|^ERR_(TLS|SSL)|^UNABLE_TO_|^EPROTO$/.test(code)) {
    return { kind: 'refused', detail: 'tls_error' }
  }
  return { kind: 'retry', detail: code === '' ? 'not_connected' : code.toLowerCase() }
}

export function hasNoNumbers(error: unknown): boolean {
  const { name, type } = rootOf(error)
  return NO_NUMBERS.has(type) || NO_NUMBERS.has(name)
}

interface Root {
  readonly name: string
  readonly type: string
  readonly code: string
}

/** The library wraps an error once for each layer that gave up. */
function rootOf(error: unknown): Root {
  let at: unknown = error
  for (let depth = 0; depth < 10; depth += 1) {
    const { cause } = (at ?? {}) as { readonly cause?: unknown }
    if (cause === undefined || cause === null) break
    at = cause
  }
  const { name, type, code } = (at ?? {}) as Readonly<Record<string, unknown>>
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && /^[A-Z_]{2,60}$/.test(value)
  return {
    name: typeof name === 'string' ? name : '',
    type: isWord(type) ? type : '',
    code: isWord(code) ? code : '',
  }
}
