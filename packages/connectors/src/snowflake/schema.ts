import { z } from 'zod'

const Identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$]{0,254}$/, 'Letters, digits, _ and $')

export const SnowflakeSettings = z.object({
  /** The organization and the account, `acme-main`, as they begin the account's address. */
  account: z.string().regex(/^[A-Za-z0-9]+(?:[._-][A-Za-z0-9_]+){0,4}$/, 'Such as acme-main'),
  database: Identifier,
  schema: Identifier.default('PUBLIC'),
  /** What computes; the user's own when it is left out. */
  warehouse: Identifier.nullable().default(null),
  role: Identifier.nullable().default(null),
  /** Refuses every write before it is sent. */
  read_only: z.boolean().default(false),
  /** The account's address; made of `account` when it is left out. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme, host and path')
    .optional(),
})

const secret = z.string().regex(/^[\x21-\x7e]{8,8192}$/)

export const SnowflakeAuth = z.discriminatedUnion('kind', [
  /** Of the user whose public key is set. */
  z.object({
    kind: z.literal('key_pair'),
    user: z.string().regex(/^[^"\r\n]{1,255}$/),
    /** PEM, RSA, without a passphrase. */
    private_key: z.string().min(100).max(20_000),
  }),
  /** A programmatic access token. */
  z.object({ kind: z.literal('token'), token: secret }),
])

export type SnowflakeSettings = z.output<typeof SnowflakeSettings>
export type SnowflakeAuth = z.output<typeof SnowflakeAuth>
