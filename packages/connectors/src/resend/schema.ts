import { z } from 'zod'
import { EmailAddress, EmailInput, EmailLine } from '../email-input.ts'
import { instant } from '../inputs.ts'
import { Message } from '../records.ts'

export const ResendSettings = z.object({
  /** Where the credential goes, and nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .default('https://api.resend.com'),
  /** Of a domain that was verified there. */
  from: EmailAddress,
  from_name: EmailLine.default(''),
})

export const ResendAuth = z.object({
  api_key: z.string().regex(/^re_[\x21-\x7e]{5,250}$/),
  /** Of the webhook at Resend that tells of emails. */
  webhook_secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{16,500}={0,2}$/)
    .optional(),
})

export const ScheduleInput = EmailInput.extend({
  /** Up to 30 days ahead. */
  send_at: instant,
})

export const EmailId = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) })

export const Email = Message.extend({
  to: z.array(z.string()),
  subject: z.string().nullable(),
  created_at: z.iso.datetime().nullable(),
})

export type ResendSettings = z.output<typeof ResendSettings>
export type ResendAuth = z.output<typeof ResendAuth>
export type Email = z.output<typeof Email>
