import { z } from 'zod'
import { EmailAddress, EmailLine } from '../email-input.ts'
import { Message } from '../records.ts'

/** This machine, a name of the local network, or an address of it. */
const LOCAL_HOST =
  /^(?:localhost|[A-Za-z0-9-]+|127(?:\.\d+){3}|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/

export const SmtpSettings = z
  .object({
    host: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/),
    port: z.number().int().min(1).max(65_535).default(587),
    /** `tls` from the first byte, `starttls` required, or `none` for a relay close by. */
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    from: EmailAddress,
    from_name: EmailLine.default(''),
    /** PEM of the authority that signed the relay's certificate, if it is not a public one. */
    tls_ca: z.string().max(65_536).optional(),
  })
  .refine(({ security, host }) => security !== 'none' || LOCAL_HOST.test(host), {
    error: 'Without TLS only a relay of the local network',
    path: ['security'],
  })

export const SmtpAuth = z.object({ user: z.string(), password: z.string() }).nullable()

export const Sent = Message.extend({
  status: z.literal('accepted'),
  /** Of the addresses, those that the relay would not take; the others were sent to. */
  rejected: z.array(z.string()),
})

export type SmtpSettings = z.output<typeof SmtpSettings>
export type SmtpAuth = z.output<typeof SmtpAuth>
