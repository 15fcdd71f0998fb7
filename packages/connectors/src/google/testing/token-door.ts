// Google's token endpoint, as far as a connection asks it.

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

const { privateKey: PRIVATE_KEY } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export const refreshAuth = {
  kind: 'refresh_token',
  client_id: 'canary-client-id.apps.example',
  client_secret: 'canary-client-secret',
  refresh_token: '1//canary-refresh-token',
} as const

export const serviceAuth = {
  kind: 'service_account',
  client_email: 'bookend@canary-project.iam.example.com',
  private_key: PRIVATE_KEY,
  subject: null,
} as const

export interface TokenDoor {
  /** Null: the request is for another door. */
  answer(request: VendorRequest): VendorAnswer | null
  isOpen(request: VendorRequest): boolean
  /** What the JWTs claimed. */
  readonly claims: readonly Record<string, unknown>[]
  readonly tokens: readonly string[]
  endSessions(): void
}

export const isToken = ({ path }: Pick<VendorRequest, 'path'>): boolean => path === '/token'

export function openTokenDoor(): TokenDoor {
  const claims: Record<string, unknown>[] = []
  const tokens: string[] = []
  let current: string | null = null

  function isGood(form: Record<string, string>): boolean {
    if (form['grant_type'] === 'refresh_token') {
      const { kind: _, ...wanted } = refreshAuth
      return Object.entries(wanted).every(([name, value]) => form[name] === value)
    }
    const [head = '', body = '', signature = ''] = (form['assertion'] ?? '').split('.')
    const key = createPublicKey(PRIVATE_KEY)
    const bytes = Buffer.from(signature, 'base64url')
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, bytes)) return false
    claims.push(JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>)
    return true
  }

  return {
    claims,
    tokens,
    answer(request) {
      if (!isToken(request)) return null
      if (!isGood(request.body as Record<string, string>)) {
        return { status: 400, body: { error: 'invalid_grant' } }
      }
      current = `ya29.canary-token-${tokens.length + 1}`
      tokens.push(current)
      return { status: 200, body: { access_token: current, expires_in: 3_599 } }
    },
    isOpen: ({ headers }) => current !== null && headers['authorization'] === `Bearer ${current}`,
    endSessions() {
      current = null
    },
  }
}

export const refuse = (status: number, reason: string): VendorAnswer => ({
  status,
  body: { error: { code: status, message: 'words', errors: [{ reason, message: 'words' }] } },
})
