import { z } from 'zod'

/** One plain addr-spec: no list, no display name, no quoting, no line break. */
const Address = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/)

const Line = z
  .string()
  .max(500)
  .refine((text) => !/[\r\n\0]/.test(text), 'One line only')

export const SmtpSettings = z.object({
  host: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/),
  port: z.number().int().min(1).max(65_535).default(587),
  /** `tls` from the first byte, `starttls` required, or `none` for a relay on this host. */
  security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  from: Address,
  from_name: Line.default(''),
})

export const SmtpAuth = z.object({ user: z.string(), password: z.string() }).nullable()

export const EmailInput = z.object({
  to: z.array(Address).min(1).max(50),
  subject: Line,
  text: z.string().min(1).max(200_000),
  /** Sent as it is: text of a caller goes through `escapeHtml` first. */
  html: z.string().max(500_000).optional(),
})

export const Sent = z.object({ id: z.string(), status: z.literal('accepted') })

export type SmtpSettings = z.output<typeof SmtpSettings>
export type SmtpAuth = z.output<typeof SmtpAuth>
