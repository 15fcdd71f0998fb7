import { z } from 'zod'
import { EmailAddress, EmailInput, EmailLine } from '../email-input.ts'

export const SendgridSettings = z.object({
  /** `https://api.eu.sendgrid.com` for an account of the EU. The credential goes nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .default('https://api.sendgrid.com'),
  /** A verified sender, or of a domain that was authenticated there. */
  from: EmailAddress,
  from_name: EmailLine.refine((name) => !/[;,]/.test(name), 'A name without ; and ,').default(''),
})

export const SendgridAuth = z.object({ api_key: z.string().regex(/^[\x21-\x7e]{8,512}$/) })

export const SendgridEmailInput = EmailInput.extend({ subject: EmailLine.min(1) })

export type SendgridSettings = z.output<typeof SendgridSettings>
export type SendgridAuth = z.output<typeof SendgridAuth>
