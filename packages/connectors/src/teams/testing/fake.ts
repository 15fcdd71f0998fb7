// A flow that takes cards. Nobody describes it: what it answers is our own reading of the manual.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeTeams extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly url: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly cards: readonly unknown[]
}

export const SIGNATURE = 'cAnArY-teams_signature0001'
const PATH = '/powerautomate/automations/direct/workflows/86ffea63/triggers/manual/paths/invoke'
const QUERY = `api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${SIGNATURE}`

export async function openFakeTeams(): Promise<FakeTeams> {
  const cards: unknown[] = []

  function handle({ method, path, query, body, text }: VendorRequest): VendorAnswer {
    if (path !== PATH) return refuse(404, 'WorkflowNotFound')
    if (query.get('sig') !== SIGNATURE) return refuse(401, 'DirectApiInvalidAuthorizationScheme')
    if (method !== 'POST') return refuse(400, 'TriggerRequestMethodNotValid')
    if (Buffer.byteLength(text) > 28_000) return refuse(413, 'RequestEntityTooLarge')
    cards.push(body)
    const run = `run${cards.length}`
    return { status: 202, headers: { 'x-ms-workflow-run-id': run }, text: '' }
  }

  const vendor = await openFakeVendor({ handle })
  return {
    vendor,
    auth: { url: `https://default1.09.environment.api.powerplatform.com:443${PATH}?${QUERY}` },
    settings: (url) => ({ base_url: url }),
    cards,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

const refuse = (status: number, code: string): VendorAnswer => ({
  status,
  body: { error: { code, message: `It says: ${code}` } },
})
