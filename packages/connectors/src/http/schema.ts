import { compileAnswerCondition } from '@bookend/core'
import { z } from 'zod'

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const RESERVED = /^(host|connection|content-length|transfer-encoding|authorization|webhook-.*)$/i

const FreeHeaderName = z
  .string()
  .regex(HEADER_NAME)
  .refine((name) => !RESERVED.test(name), 'This header may not be set')

/** Printable ASCII and tab: what can be sent without changing the header block. */
const HeaderValue = z.string().regex(/^[\t\x20-\x7e]*$/)

const Segment = z.string().refine((text) => text !== '' && text !== '.' && text !== '..', {
  message: 'A path segment may not be empty, "." or ".."',
})

const SUCCESS_MAX = 500

export const HttpSettings = z.object({
  /** Scheme, host and perhaps a path; the credential goes nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]/.test(url), 'Leave the query to the step')
    .refine((url) => !/^[^/]+\/\/[^/]*@/.test(url), 'Leave credentials to the connection'),
  key_header: FreeHeaderName.default('Idempotency-Key'),
  /** The service does nothing twice for one key: a repeat is then harmless. */
  key_honoured: z.boolean().default(false),
  /** When an answer is a success: an expression over `status`, `headers`, `body`; 2xx without it. */
  success: z.string().max(SUCCESS_MAX).superRefine(mustCompile).optional(),
  /** What the check reads, below `base_url`. */
  check_path: z.array(Segment).max(20).default([]),
})

function mustCompile(text: string, ctx: z.core.$RefinementCtx): void {
  try {
    compileAnswerCondition(text)
  } catch (error) {
    ctx.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'Not CEL' })
  }
}

const secretText = z.string().min(1).max(4_096)

export const HttpAuth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), token: HeaderValue.min(1) }),
  z.object({
    kind: z.literal('basic'),
    user: z.string().refine((user) => !user.includes(':'), 'A user name has no colon'),
    password: z.string(),
  }),
  z.object({ kind: z.literal('header'), name: FreeHeaderName, value: HeaderValue.min(1) }),
  /** OAuth 2 client credentials (RFC 6749, 4.4). */
  z.object({
    kind: z.literal('oauth2'),
    token_url: z.url({ protocol: /^https?$/ }).refine((url) => !/[?#]/.test(url), 'No query'),
    client_id: z.string().min(1).max(500),
    client_secret: secretText,
    scope: z.string().max(1_000).optional(),
    audience: z.string().max(1_000).optional(),
    /** Where the client says who it is: an `Authorization` header, or the form. */
    client_in: z.enum(['header', 'body']).default('header'),
  }),
  /** HMAC-SHA256 of what is sent, in hexadecimal. */
  z.object({
    kind: z.literal('hmac'),
    secret: secretText,
    header: FreeHeaderName.default('X-Signature'),
    prefix: HeaderValue.max(50).default('sha256='),
    /** With it, `<seconds>.<body>` is signed and the seconds go here; else the body alone. */
    timestamp_header: FreeHeaderName.optional(),
  }),
  /** Standard Webhooks; only `webhook.send` knows it. */
  z.object({
    kind: z.literal('webhook'),
    secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/),
  }),
])

const target = {
  path: z.array(Segment).default([]),
  query: z.record(z.string(), z.string()).default({}),
  headers: z.record(FreeHeaderName, HeaderValue).default({}),
}

export const GetInput = z.object(target)

export const QueryInput = z.object({ ...target, body: z.json() })

export const SendInput = z.object({
  ...target,
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  body: z.json().optional(),
})

export const WebhookInput = z.object({ path: target.path, body: z.json() })

/** What `parseJson` read is JSON, and looked through already. */
const ReadJson = z.custom<z.output<ReturnType<typeof z.json>>>((value) => value !== undefined)

/** `body` is `null` where the answer has none. */
export const Answer = z.object({ status: z.number().int(), body: ReadJson })

export const Delivered = z.object({ id: z.string(), status: z.string() })

export type HttpSettings = z.output<typeof HttpSettings>
export type HttpAuth = z.output<typeof HttpAuth>
export type SendInput = z.output<typeof SendInput>
export type Answer = z.output<typeof Answer>
