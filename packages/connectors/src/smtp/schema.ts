import { z } from 'zod'
import { Message } from '../records.ts'

/** One plain addr-spec: no list, no display name, no quoting, no line break (threat D8). */
const Address = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/)

const Line = z
  .string()
  .max(500)
  .refine((text) => !/[\r\n\0]/.test(text), 'One line only')

/** This machine, a name of the local network, or an address of it. */
const LOCAL_HOST =
  /^(?:localhost|[A-Za-z0-9-]+|127(?:\.\d+){3}|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/

export const SmtpSettings = z
  .object({
    host: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/),
    port: z.number().int().min(1).max(65_535).default(587),
    /** `tls` from the first byte, `starttls` required, or `none` for a relay close by. */
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    from: Address,
    from_name: Line.default(''),
    /** PEM of the authority that signed the relay's certificate, if it is not a public one. */
    tls_ca: z.string().max(65_536).optional(),
  })
  .refine(({ security, host }) => security !== 'none' || LOCAL_HOST.test(host), {
    error: 'Without TLS only a relay of the local network',
    path: ['security'],
  })

export const SmtpAuth = z.object({ user: z.string(), password: z.string() }).nullable()

/** How a reader stops what is sent to many: its address, its page, or both (RFC 2369, RFC 8058). */
const Unsubscribe = z
  .object({
    mailto: Address.optional(),
    url: z
      .url({ protocol: /^https$/ })
      .max(1_000)
      .regex(/^[\x21-\x7e]+$/)
      .refine((url) => !/[<>,\\]/.test(url), 'A URL without < > , or \\')
      .optional(),
  })
  .refine(({ mailto, url }) => mailto !== undefined || url !== undefined, {
    error: 'Either mailto or url',
  })

export const EmailInput = z.object({
  to: z.array(Address).min(1).max(50),
  subject: Line,
  text: z.string().min(1).max(200_000),
  /** Sent as it is: text of a caller goes through `escapeHtml` first. */
  html: z.string().max(500_000).optional(),
  reply_to: Address.optional(),
  unsubscribe: Unsubscribe.optional(),
})

export const Sent = Message.extend({
  status: z.literal('accepted'),
  /** Of the addresses, those that the relay would not take; the others were sent to. */
  rejected: z.array(z.string()),
})

export type SmtpSettings = z.output<typeof SmtpSettings>
export type SmtpAuth = z.output<typeof SmtpAuth>
export type EmailInput = z.output<typeof EmailInput>
