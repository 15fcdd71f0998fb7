import { z } from 'zod'

const oneLine = (text: string): boolean => !/\p{Cc}/u.test(text)

export const RedisSettings = z.object({
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'A host name or an address'),
  port: z.number().int().min(1).max(65_535).default(6_379),
  database: z.number().int().min(0).max(9_999).default(0),
  /** With the certificate and its name checked; `false` for a server in the next room. */
  tls: z.boolean().default(true),
  /** The certificate of a private CA, as PEM; without it the usual CAs are trusted. */
  tls_ca: z.string().max(100_000).startsWith('-----BEGIN CERTIFICATE-----').optional(),
  /** Stands before every key: nothing outside of it is reached, whatever a step asks for. */
  key_prefix: z.string().max(200).refine(oneLine, 'One line only').default(''),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
})

export const RedisAuth = z
  .object({
    user: z.string().min(1).max(255).default('default'),
    password: z.string().min(1).max(4_096),
  })
  .nullable()

const Key = z.string().min(1).max(1_024)
const Field = z.string().min(1).max(1_024)
const MANY = 100
const YEAR_S = 31_536_000

/** How what is stored is read: as it stands, or as JSON. */
const as = z.enum(['text', 'json']).default('text')

export const GetInput = z.object({ key: Key, as })
export const GetManyInput = z.object({ keys: z.array(Key).min(1).max(MANY), as })

export const FindByPhoneInput = z.object({
  /** As the call has it. What is no number finds nothing, and nothing is asked. */
  phone: z.string().max(256),
  /** What stands before the number in a key, after the connection's own prefix. */
  prefix: z.string().max(200).default('caller:'),
  as,
})

export const HashGetInput = z.object({
  key: Key,
  /** All that there are, when left out. */
  fields: z.array(Field).max(MANY).default([]),
})

export const SetHasInput = z.object({ key: Key, member: z.string().min(1).max(10_000) })

const ttl = {
  /** How long it is kept; for good, when left out. */
  ttl_seconds: z.number().int().min(1).max(YEAR_S).optional(),
}

export const ValueSetInput = z.object({
  key: Key,
  /** A text is stored as it stands, anything else as JSON. */
  value: z.json(),
  ...ttl,
})

export const HashSetInput = z.object({
  key: Key,
  /** Others that the hash has stay as they are. */
  fields: z
    .record(Field, z.union([z.string().max(1_000_000), z.number(), z.boolean()]))
    .refine((fields) => Object.keys(fields).length > 0, 'At least one field')
    .refine((fields) => Object.keys(fields).length <= MANY, `At most ${MANY} fields`),
  ...ttl,
})

export const DeleteInput = z.object({ key: Key })

export const Value = z.json()
export const Values = z.object({ values: z.array(Value) })
export const Hash = z.record(z.string(), z.string())
export const Has = z.object({ has: z.boolean() })
/** Without the connection's prefix. */
export const Written = z.object({ key: z.string() })

export type RedisSettings = z.output<typeof RedisSettings>
export type RedisAuth = z.output<typeof RedisAuth>
export type As = z.output<typeof as>
export type Value = z.output<typeof Value>
