import { z } from 'zod'

const Visible = z.string().regex(/^[\x21-\x7e]{8,4096}$/)

/** How a connection signs in to Google. */
export const GoogleAuth = z.discriminatedUnion('kind', [
  /** A service account, by its key file's two fields. */
  z.object({
    kind: z.literal('service_account'),
    client_email: z.email().max(254),
    /** PEM. */
    private_key: z.string().min(100).max(20_000),
    /** On whose behalf it acts, where the domain lets it. */
    subject: z.email().max(254).nullable().default(null),
  }),
  /** A person's consent, kept as a refresh token. */
  z.object({
    kind: z.literal('refresh_token'),
    client_id: Visible,
    client_secret: Visible,
    refresh_token: Visible,
  }),
])

const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#@]/.test(url), 'Only scheme, host and path')

export const baseUrl = (url: string) => address.default(url)

/** Where a token is asked for. */
export const tokenUrl = baseUrl('https://oauth2.googleapis.com/token')

/** The credential goes to both. */
export const originOf = (settings: {
  readonly base_url: string
  readonly token_url: string
}): string => [settings.base_url, settings.token_url].map((url) => new URL(url).origin).join(' ')

export type GoogleAuth = z.output<typeof GoogleAuth>
