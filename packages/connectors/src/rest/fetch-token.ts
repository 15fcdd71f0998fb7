import type { Verdict } from '@bookend/core'
import { ConnectorFault } from '@bookend/core'
import { type Headers, type HeardAnswer, type RestContext, createExchange } from './exchange.ts'
import { type AccessToken, readTokenAnswer } from './token-cache.ts'

export interface TokenRequest {
  /** The token endpoint, whole. */
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  /** Such as HTTP Basic, for clients that sign in so. */
  readonly headers?: Headers
}

const TIMEOUT_MS = 5_000
const ANSWER_BYTES_MAX = 32_768

const exchange = createExchange<RestContext & { readonly url: string; readonly own: Headers }>({
  base: ({ url }) => url,
  headers: ({ own }) => own,
  readVerdict: readRefusal,
})

/** Asks an OAuth 2 token endpoint. @throws {ConnectorFault} `auth` where it refuses the client. */
export async function fetchToken(ctx: RestContext, request: TokenRequest): Promise<AccessToken> {
  const { url, form, headers: own = {} } = request
  // Nothing is done there that a repeat would do twice.
  const sent = await exchange(
    { ...ctx, url, own },
    {
      effect: 'read',
      method: 'POST',
      path: [],
      body: { form },
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: ANSWER_BYTES_MAX,
    },
  )
  return readTokenAnswer(sent.body)
}

/** A 400 of a token endpoint is the credential's fault: the request is always the same (5.2). */
function readRefusal({ status, body }: HeardAnswer): Verdict | null {
  if (status !== 400 && status !== 401 && status !== 403) return null
  const code = typeof body === 'object' && body !== null && 'error' in body ? body['error'] : null
  const isCode = typeof code === 'string' && /^[a-z_]{1,50}$/.test(code)
  return { kind: 'auth', detail: isCode ? code : `token_http_${status}` }
}

/** The value of an `authorization` header. */
export function basicAuth(user: string, password: string): string {
  if (user.includes(':')) throw new ConnectorFault({ kind: 'auth', detail: 'user_with_a_colon' })
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
