// What an email may hold, whoever carries it: one plain address each, one line where it is a line.

import { z } from 'zod'

/** One plain addr-spec: no list, no display name, no quoting, no line break (threat D8). */
export const EmailAddress = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/)
  .refine((address) => !/^\.|\.\.|\.@/.test(address), 'Dots stand between other signs')

export const EmailLine = z
  .string()
  .max(500)
  .refine((text) => !/[\r\n\0]/.test(text), 'One line only')

/** How a reader stops what is sent to many: its address, its page, or both (RFC 2369, RFC 8058). */
const Unsubscribe = z
  .object({
    mailto: EmailAddress.optional(),
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
  to: z.array(EmailAddress).min(1).max(50),
  subject: EmailLine,
  text: z.string().min(1).max(200_000),
  /** Sent as it is: text of a caller goes through `escapeHtml` first. */
  html: z.string().max(500_000).optional(),
  reply_to: EmailAddress.optional(),
  unsubscribe: Unsubscribe.optional(),
})

export type EmailInput = z.output<typeof EmailInput>

/** What a machine's mail says of itself, and how to stop it. */
export function emailHeaders({ unsubscribe }: Pick<EmailInput, 'unsubscribe'>) {
  const ways = [
    ...(unsubscribe?.url === undefined ? [] : [`<${unsubscribe.url}>`]),
    ...(unsubscribe?.mailto === undefined ? [] : [`<mailto:${unsubscribe.mailto}>`]),
  ]
  return {
    // Keeps out-of-office replies from answering.
    'Auto-Submitted': 'auto-generated',
    ...(ways.length === 0 ? {} : { 'List-Unsubscribe': ways.join(', ') }),
    ...(unsubscribe?.url === undefined
      ? {}
      : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
  }
}
