import { z } from 'zod'

const BROKER = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([1-9]\d{0,4})$/

export const KafkaSettings = z
  .object({
    /** Of these, the first that answers names the others. */
    brokers: z
      .array(
        z
          .string()
          .regex(BROKER, 'host:port')
          .refine((broker) => Number(BROKER.exec(broker)?.[1]) <= 65_535, 'A port'),
      )
      .min(1)
      .max(20),
    /** With the certificate and its name checked; `false` for brokers in the next room. */
    tls: z.boolean().default(true),
    /** The certificate of a private CA, as PEM; without it the usual CAs are trusted. */
    tls_ca: z.string().max(100_000).startsWith('-----BEGIN CERTIFICATE-----').optional(),
    /** How the password is shown to a broker. */
    sasl: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512'),
    client_id: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,100}$/)
      .default('bookend'),
  })
  .refine(({ tls, sasl }) => tls || sasl !== 'plain', {
    error: 'Without TLS a password is not sent as it stands: choose scram',
    path: ['sasl'],
  })

export const KafkaAuth = z
  .object({ user: z.string().min(1).max(255), password: z.string().min(1).max(4_096) })
  .nullable()

const Topic = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, 'Letters, digits and . _ -')
  .refine((name) => !/^\.+$/.test(name), 'A name is not only dots')

const Headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,100}$/)
      .refine((name) => !/^(bookend-|content-type$)/i.test(name), 'This header is set here'),
    z.string().max(4_096),
  )
  .refine((headers) => Object.keys(headers).length <= 20, 'At most 20 headers')
  .default({})

export const ProduceInput = z
  .object({
    topic: Topic,
    /** Records of one key keep their order; the effect's subject when left out. */
    key: z.string().min(1).max(1_024).optional(),
    /** One of the three: a text, JSON, or bytes as base64. */
    text: z.string().max(1_000_000).optional(),
    json: z.json().optional(),
    base64: z.base64().max(1_400_000).optional(),
    headers: Headers,
  })
  .refine(
    ({ text, json, base64 }) =>
      [text, json, base64].filter((part) => part !== undefined).length === 1,
    { error: 'Either text, json or base64' },
  )

export const Placed = z.object({
  topic: z.string(),
  partition: z.number().int(),
  /** Null where the broker does not say. */
  offset: z.string().nullable(),
})

export type KafkaSettings = z.output<typeof KafkaSettings>
export type KafkaAuth = z.output<typeof KafkaAuth>
export type ProduceInput = z.output<typeof ProduceInput>
