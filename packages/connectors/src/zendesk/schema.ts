import { z } from 'zod'

export const ZendeskSettings = z.object({
  /** The first part of the account's host, `acme` of `acme.zendesk.com`. */
  subdomain: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
  /** Where the API is instead, and the credential with it. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#@]/.test(url), 'Only scheme and host')
    .nullable()
    .default(null),
})

/** What a header carries unchanged. */
const Token = z.string().regex(/^[\x21-\x7e]{8,512}$/)

export const ZendeskAuth = z.discriminatedUnion('kind', [
  /** An API token, which acts as the person of that address. */
  z.object({
    kind: z.literal('token'),
    email: z.email().max(254),
    token: Token,
  }),
  z.object({ kind: z.literal('oauth'), token: Token }),
])

export type ZendeskSettings = z.output<typeof ZendeskSettings>
export type ZendeskAuth = z.output<typeof ZendeskAuth>

export const hostOf = ({ subdomain, base_url: other }: ZendeskSettings): string =>
  other?.replace(/\/+$/, '') ?? `https://${subdomain}.zendesk.com`
