// A collector of events as Segment is one: it answers 200 to whatever it can read, keeps what is
// within its limits, and one of those with the same message id.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'
import type { Message } from '../batch.ts'

export interface FakeCollector extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly write_key: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly messages: readonly Message[]
}

const BATCH_BYTES_MAX = 512_000
const MESSAGE_BYTES_MAX = 32_768

export async function openFakeCollector(): Promise<FakeCollector> {
  const kept = new Map<string, Message>()
  const auth = { write_key: 'canary_write_key_0001' }
  const basic = `Basic ${Buffer.from(`${auth.write_key}:`).toString('base64')}`

  function handle({ headers, text, body }: VendorRequest): VendorAnswer {
    if (headers['authorization'] !== basic) return { status: 401, body: {} }
    if (Buffer.byteLength(text) > BATCH_BYTES_MAX) return { status: 400, body: {} }
    for (const message of (body as { readonly batch: readonly Message[] }).batch) {
      if (Buffer.byteLength(JSON.stringify(message)) > MESSAGE_BYTES_MAX) continue
      if (!kept.has(message.messageId)) kept.set(message.messageId, message)
    }
    return { status: 200, body: { success: true } }
  }

  const vendor = await openFakeVendor({ handle, description: readDescription('events') })
  return {
    vendor,
    auth,
    settings: (url) => ({ base_url: url }),
    get messages() {
      return [...kept.values()]
    },
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}
