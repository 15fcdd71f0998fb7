// SendGrid as far as the connector uses it: emails that it takes, and those of a sandbox, which it
// only judges.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeMail {
  readonly from: { readonly email: string; readonly name?: string }
  readonly [field: string]: unknown
}

export interface FakeSendgrid extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly api_key: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly mails: readonly FakeMail[]
}

const VERIFIED = 'care@example.com'

export async function openFakeSendgrid(
  more: Readonly<Record<string, unknown>> = {},
): Promise<FakeSendgrid> {
  const mails: FakeMail[] = []
  const auth = { api_key: 'SG.canary-00000000001' }

  function handle({ headers, body }: VendorRequest): VendorAnswer {
    if (headers['authorization'] !== `Bearer ${auth.api_key}`) return refuse(401, null)
    const mail = body as FakeMail & {
      readonly mail_settings?: { readonly sandbox_mode?: { readonly enable?: boolean } }
    }
    if (mail.from.email !== VERIFIED) return refuse(403, 'from')
    if (mail.mail_settings?.sandbox_mode?.enable === true) return { status: 200, text: '' }
    mails.push(mail)
    const id = `canary.message.${mails.length}`
    return { status: 202, headers: { 'x-message-id': id }, text: '' }
  }

  const description = readDescription('sendgrid')
  const vendor = await openFakeVendor({ handle, description })
  return {
    vendor,
    auth,
    settings: (url) => ({ base_url: url, from: VERIFIED, from_name: 'Care', ...more }),
    mails,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

const refuse = (status: number, field: string | null): VendorAnswer => ({
  status,
  body: { errors: [{ message: 'It says: no', field, help: null }] },
})
