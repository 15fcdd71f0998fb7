// Ways in which a platform that leaves the scheme open can prove itself. A connection has exactly one;
// no profile stands in for another.

import { z } from 'zod'
import { secretText } from '../options.ts'

const headerName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'must be a header name' })
    .toLowerCase()

const bearerProfile = z.object({
  kind: z.literal('bearer'),
  token: secretText(),
  header: headerName().default('authorization'),
})

const headerSecretProfile = z.object({
  kind: z.literal('header-secret'),
  header: headerName(),
  secret: secretText(),
})

export const basicProfile = z.object({
  kind: z.literal('basic'),
  username: z.string().min(1).max(200),
  password: secretText(),
})

/** The secret is the last part of the address: for a sender that can add nothing else. */
const pathTokenProfile = z.object({ kind: z.literal('path-token'), token: secretText() })

const standardWebhooksProfile = z.object({
  kind: z.literal('standard-webhooks'),
  secret: secretText().startsWith('whsec_'),
  /** The secret before the current one, during a rotation. */
  previous_secret: secretText().startsWith('whsec_').optional(),
  header_prefix: z.enum(['webhook-', 'svix-']).default('webhook-'),
})

const hmacProfile = z.object({
  kind: z.literal('hmac'),
  secret: secretText(),
  signature_header: headerName().default('x-signature'),
  /** Null: the format has no time, and only deduplication answers a replay. */
  timestamp_header: headerName().nullable().default('x-timestamp'),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** What stands before the digest, such as `sha256=`. */
  prefix: z.string().max(32).default(''),
  payload_format: z
    .string()
    .max(64)
    .refine((format) => format.split('{body}').length === 2, {
      error: 'must hold {body} once',
    })
    .default('{timestamp}.{body}'),
  tolerance_s: z.number().int().min(1).max(3_600).default(300),
})

export const verificationProfile = z.discriminatedUnion('kind', [
  bearerProfile,
  headerSecretProfile,
  basicProfile,
  pathTokenProfile,
  standardWebhooksProfile,
  hmacProfile,
])
export type VerificationProfile = z.infer<typeof verificationProfile>
