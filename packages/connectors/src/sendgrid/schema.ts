import { createPublicKey, type KeyObject } from 'node:crypto'
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
  /** The public key that SendGrid shows for its signed event webhook, base64. */
  event_key: z
    .string()
    .max(500)
    .refine(isPublicKey, 'Not the verification key of an event webhook')
    .nullable()
    .default(null),
  from_name: EmailLine.refine((name) => !/[;,]/.test(name), 'A name without ; and ,').default(''),
})

/** Of an elliptic curve, as DER in base64. */
function isPublicKey(text: string): boolean {
  try {
    return readPublicKey(text).asymmetricKeyType === 'ec'
  } catch {
    return false
  }
}

/** @throws {TypeError} It is none. */
export const readPublicKey = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })

export const SendgridAuth = z.object({ api_key: z.string().regex(/^[\x21-\x7e]{8,512}$/) })

export const SendgridEmailInput = EmailInput.extend({ subject: EmailLine.min(1) })

export type SendgridSettings = z.output<typeof SendgridSettings>
export type SendgridAuth = z.output<typeof SendgridAuth>
