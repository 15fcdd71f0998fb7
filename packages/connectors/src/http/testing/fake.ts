// A service of somebody's: it keeps what it is sent, lets in who has a token, and does nothing twice
// for one key or one message id.

import { findSignatureFault } from '@bookend/core'
import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeService extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  /** What it was sent, once for each key. */
  readonly kept: ReadonlyMap<string, unknown>
  /** Tokens that it gave out. */
  readonly tokens: readonly string[]
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const CLIENT = { client_id: 'bookend', client_secret: 'canary-client-secret' }

export async function openFakeService(
  auth: 'bearer' | 'oauth2' | 'webhook',
  more: Readonly<Record<string, unknown>> = {},
): Promise<FakeService> {
  const kept = new Map<string, unknown>()
  const tokens: string[] = []

  function handle(request: VendorRequest): VendorAnswer {
    if (request.path === '/token') {
      tokens.push(`token-${tokens.length + 1}`)
      return { status: 200, body: { access_token: tokens.at(-1), expires_in: 3_600 } }
    }
    if (!isAllowed(request)) return { status: 401 }
    const { headers, method } = request
    if (method === 'GET' || request.path.endsWith('/search')) {
      return { status: 200, body: { found: request.path } }
    }
    const key = headers['webhook-id'] ?? headers['idempotency-key'] ?? ''
    kept.set(method === 'PUT' ? request.path : key, request.body ?? null)
    return { status: 201, body: { id: key } }
  }

  function isAllowed({ headers, text }: VendorRequest): boolean {
    if (auth === 'webhook') {
      return (
        headers['webhook-id'] === undefined ||
        findSignatureFault([SECRET], headers, text, new Date()) === null
      )
    }
    const [, token] = /^Bearer (.*)$/.exec(headers['authorization'] ?? '') ?? []
    return auth === 'bearer' ? token === TOKEN : token === tokens.at(-1)
  }

  const vendor = await openFakeVendor({ handle })
  const credentials = {
    bearer: { kind: 'bearer', token: TOKEN },
    webhook: { kind: 'webhook', secret: SECRET },
    oauth2: { kind: 'oauth2', token_url: `${vendor.url}/token`, ...CLIENT },
  }
  return {
    vendor,
    auth: credentials[auth],
    settings: (url) => ({ base_url: url, ...more }),
    kept,
    tokens,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

const TOKEN = 'canary-bearer-token'
