import { z } from 'zod'
import { analyticsInput } from '../analytics/input.ts'

export const S3Settings = z.object({
  /** Scheme and host, without the bucket: `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: z.url({ protocol: /^https?$/ }).regex(/^https?:\/\/[^/?#@]+\/?$/, {
    error: 'A scheme and a host, nothing behind them',
  }),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,50}$/)
    .default('us-east-1'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'The name of a bucket'),
  /** The bucket in the path and not in the host's name: most services other than AWS. */
  path_style: z.boolean().default(false),
  /** Asked of the service for each object; without it the bucket's own rule holds. */
  encryption: z.enum(['AES256', 'aws:kms']).optional(),
})

const printable = z.string().regex(/^[\x21-\x7e]{1,4096}$/)

export const S3Auth = z.object({
  access_key_id: printable,
  secret_access_key: printable,
  session_token: printable.optional(),
})

/** No caller's words: letters, digits and `_.=-`, in folders. */
export const Key = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9_=-][A-Za-z0-9_.=-]*(?:\/[A-Za-z0-9_=-][A-Za-z0-9_.=-]*)*$/, {
    error: 'Folders and a name of letters, digits and _ . = -, none of which begins with a dot',
  })

const ContentType = z
  .string()
  .regex(/^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(; ?charset=[A-Za-z0-9-]+)?$/)

export const PutInput = z
  .object({
    key: Key,
    /** One of the three: a text, JSON, or bytes as base64. */
    text: z.string().max(5_000_000).optional(),
    json: z.json().optional(),
    base64: z.base64().max(7_000_000).optional(),
    content_type: ContentType.optional(),
    /** An object that is there stays as it is. */
    if_absent: z.boolean().default(false),
  })
  .refine(
    ({ text, json, base64 }) =>
      [text, json, base64].filter((part) => part !== undefined).length === 1,
    { error: 'Either text, json or base64' },
  )

export const KeyInput = z.object({ key: Key })

export const ArchiveInput = z.object({
  key: Key,
  /** The platform's link, which may be asked for a part (`Range`). */
  url: z.url({ protocol: /^https?$/ }).max(2_048),
})

export const AnalyticsInput = z.object({ ...analyticsInput, folder: Key.default('calls') })

const size = z.number().int()

/** `existed`: it was there, and was left as it is. */
export const Stored = z.object({ key: z.string(), bytes: size, existed: z.boolean() })
export const Head = z.object({
  key: z.string(),
  bytes: size.nullable(),
  content_type: z.string().nullable(),
})
/** `text` where the bytes are one, else `base64`. */
export const Fetched = Head.extend({
  text: z.string().nullable(),
  base64: z.string().nullable(),
})

export type S3Settings = z.output<typeof S3Settings>
export type S3Auth = z.output<typeof S3Auth>
export type PutInput = z.output<typeof PutInput>
