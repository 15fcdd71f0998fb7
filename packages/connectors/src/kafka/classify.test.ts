import { expect, test } from 'vitest'
import { classifyKafka, hasNoNumbers } from './classify.ts'

/** As the library throws it: wrapped, with what a broker said in the message. */
function wrapped(fields: object): Error {
  const root = Object.assign(new Error('Something about hunter2'), fields)
  return new Error('given up', { cause: new Error('again', { cause: root }) })
}

test.each([
  ['NOT_LEADER_FOR_PARTITION', 'retry'],
  ['LEADER_NOT_AVAILABLE', 'retry'],
  ['NOT_ENOUGH_REPLICAS', 'retry'],
  ['UNKNOWN_PRODUCER_ID', 'retry'],
  ['REQUEST_TIMED_OUT', 'unknown'],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unknown'],
  ['TOPIC_AUTHORIZATION_FAILED', 'auth'],
  ['SASL_AUTHENTICATION_FAILED', 'auth'],
  ['MESSAGE_TOO_LARGE', 'refused'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'refused'],
])('a broker that answers %s is %s', (type, kind) => {
  const error = wrapped({ name: 'KafkaJSProtocolError', type, code: 6 })
  expect(classifyKafka(error, 1)).toEqual({ kind, detail: `kafka_${type.toLowerCase()}` })
})

test('"not now" says nothing of an earlier try that was lost (E2)', () => {
  const error = wrapped({ type: 'NOT_LEADER_FOR_PARTITION' })
  expect(classifyKafka(error, 2).kind).toBe('unknown')
})

test.each([
  [{ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }, 'retry', 'econnrefused'],
  [{ name: 'KafkaJSConnectionError' }, 'retry', 'not_connected'],
  [{ name: 'KafkaJSConnectionError', code: 'hunter2' }, 'retry', 'not_connected'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'refused', 'tls_error'],
  [{ name: 'KafkaJSSASLAuthenticationError' }, 'auth', 'sasl_refused'],
  [{ name: 'KafkaJSServerDoesNotSupportApiKey' }, 'refused', 'kafka_unsupported_request'],
])('%j, before anything was written, is %s', (fields, kind, detail) => {
  expect(classifyKafka(wrapped(fields), 0)).toEqual({ kind, detail })
  expect(classifyKafka(wrapped(fields), 1)).toEqual({ kind: 'unknown', detail: 'connection_lost' })
})

test('a broker without numbers is known from one that is away', () => {
  expect(hasNoNumbers(wrapped({ type: 'CLUSTER_AUTHORIZATION_FAILED' }))).toBe(true)
  expect(hasNoNumbers(wrapped({ name: 'KafkaJSServerDoesNotSupportApiKey' }))).toBe(true)
  expect(hasNoNumbers(wrapped({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }))).toBe(
    false,
  )
  expect(hasNoNumbers(undefined)).toBe(false)
})
