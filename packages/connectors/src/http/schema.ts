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

export const HttpSettings = z.object({
  /** Scheme, host and perhaps a path; the credential goes nowhere else. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]/.test(url), 'Leave the query to the step')
    .refine((url) => !/^[^/]+\/\/[^/]*@/.test(url), 'Leave credentials to the connection'),
  key_header: FreeHeaderName.default('Idempotency-Key'),
})

export const HttpAuth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), token: HeaderValue.min(1) }),
  z.object({
    kind: z.literal('basic'),
    user: z.string().refine((user) => !user.includes(':'), 'A user name has no colon'),
    password: z.string(),
  }),
  z.object({ kind: z.literal('header'), name: FreeHeaderName, value: HeaderValue.min(1) }),
])

const target = {
  path: z.array(Segment).default([]),
  query: z.record(z.string(), z.string()).default({}),
  headers: z.record(FreeHeaderName, HeaderValue).default({}),
}

export const GetInput = z.object(target)

export const SendInput = z.object({
  ...target,
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  body: z.json().optional(),
})

/** What `parseJson` read is JSON, and looked through already. */
const ReadJson = z.custom<z.output<ReturnType<typeof z.json>>>((value) => value !== undefined)

/** `body` is `null` where the answer has none. */
export const Answer = z.object({ status: z.number().int(), body: ReadJson })

export type HttpSettings = z.output<typeof HttpSettings>
export type HttpAuth = z.output<typeof HttpAuth>
export type Answer = z.output<typeof Answer>
