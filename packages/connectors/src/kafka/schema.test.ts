import { describe, expect, test } from 'vitest'
import { KafkaSettings, ProduceInput } from './schema.ts'

describe('the settings of a Kafka', () => {
  test.each(['kafka-1.example.com:9092', '10.0.0.7:9093', '[2001:db8::1]:9092'])(
    'name a broker as %s',
    (broker) => {
      expect(KafkaSettings.safeParse({ brokers: [broker] }).success).toBe(true)
    },
  )

  test.each(['kafka', 'kafka:0', 'kafka:70000', 'kafka:9092/x', 'a@kafka:9092', 'http://kafka:9'])(
    'name none as %s',
    (broker) => {
      expect(KafkaSettings.safeParse({ brokers: [broker] }).success).toBe(false)
    },
  )

  test('send no password as it stands without TLS', () => {
    const plain = { brokers: ['kafka:9092'], sasl: 'plain' }
    expect(KafkaSettings.safeParse(plain).success).toBe(true)
    expect(KafkaSettings.safeParse({ ...plain, tls: false }).success).toBe(false)
  })
})

test.each([
  { topic: '..', text: 'x' },
  { topic: 'a/b', text: 'x' },
  { topic: 'a' },
  { topic: 'a', text: 'x', json: 1 },
  { topic: 'a', text: 'x', headers: { 'Bookend-Key': 'mine' } },
  { topic: 'a', text: 'x', headers: { 'content-type': 'text/html' } },
])('%j is no record', (input) => {
  expect(ProduceInput.safeParse(input).success).toBe(false)
})
