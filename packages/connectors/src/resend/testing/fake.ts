// Resend as far as the connector uses it: emails, and the keys that it has seen.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeEmail {
  readonly object: 'email'
  readonly id: string
  last_event: string
  readonly [field: string]: unknown
}

export interface FakeResend extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly api_key: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly emails: readonly FakeEmail[]
  readonly seed: (lastEvent: string) => FakeEmail
  /** A day later: it has forgotten what it was sent with which key. */
  readonly forgetKeys: () => void
}

export interface FakeResendOptions {
  /** The key may do nothing but send. */
  readonly isRestricted?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
}

export async function openFakeResend({
  isRestricted = false,
  settings: more = {},
}: FakeResendOptions = {}): Promise<FakeResend> {
  const emails = new Map<string, FakeEmail>()
  const keys = new Map<string, { readonly text: string; readonly id: string }>()
  const auth = { api_key: 're_canary_0000000001' }

  function add(lastEvent: string, sent: Readonly<Record<string, unknown>>): FakeEmail {
    const id = `4ef9a417-02e9-4d39-ad75-${String(emails.size).padStart(12, '0')}`
    const { to = ['ada@example.com'], from = 'care@example.com', subject = 'Hi' } = sent
    const created_at = '2026-01-05 09:00:00.000000+00'
    const email = { object: 'email' as const, ...sent, id, to, from, subject, created_at }
    const made = { ...email, last_event: lastEvent }
    emails.set(id, made)
    return made
  }

  function handle(request: VendorRequest): VendorAnswer {
    if (request.headers['authorization'] !== `Bearer ${auth.api_key}`) {
      return refuse(403, 'invalid_api_key')
    }
    const [, id, verb] = request.segments
    if (request.method === 'POST' && id === undefined) return send(request)
    if (isRestricted) return refuse(401, 'restricted_api_key')
    const found = emails.get(id ?? '')
    if (found === undefined) return refuse(404, 'not_found')
    if (verb !== 'cancel') return { status: 200, body: found }
    if (found.last_event !== 'scheduled') return refuse(422, 'validation_error')
    found.last_event = 'canceled'
    return { status: 200, body: { object: 'email', id: found.id } }
  }

  function send({ headers, text, body }: VendorRequest): VendorAnswer {
    const key = headers['idempotency-key']
    const known = key === undefined ? undefined : keys.get(key)
    if (known !== undefined) {
      if (known.text !== text) return refuse(409, 'invalid_idempotent_request')
      return { status: 200, body: { id: known.id } }
    }
    const sent = body as Readonly<Record<string, unknown>>
    const { id } = add(sent['scheduled_at'] === undefined ? 'sent' : 'scheduled', sent)
    if (key !== undefined) keys.set(key, { text, id })
    return { status: 200, body: { id } }
  }

  const description = readDescription('resend')
  const vendor = await openFakeVendor({ handle, description })
  return {
    vendor,
    auth,
    settings: (url) => ({ base_url: url, from: 'care@example.com', from_name: 'Care', ...more }),
    get emails() {
      return [...emails.values()]
    },
    seed: (lastEvent) => add(lastEvent, {}),
    forgetKeys: () => keys.clear(),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

const refuse = (statusCode: number, name: string): VendorAnswer => ({
  status: statusCode,
  body: { name, message: `It says: ${name}`, statusCode },
})
