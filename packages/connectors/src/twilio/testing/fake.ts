// Twilio as far as the connector uses it: messages that wait, are sent or are cancelled, calls that
// ring and end, and the addresses that it would call with their fate.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { type Description, readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export const ACCOUNT = `AC${'1'.repeat(32)}`
export const SERVICE = `MG${'2'.repeat(32)}`
const KEY_SID = `SK${'3'.repeat(32)}`

interface FakeRecord {
  readonly sid: string
  status: string
  readonly [field: string]: unknown
}

export interface FakeTwilio extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: unknown
  readonly settings: (url: string) => Record<string, unknown>
  readonly messages: readonly FakeRecord[]
  readonly calls: readonly FakeRecord[]
  readonly seedMessage: (status: string) => FakeRecord
  readonly seedCall: (status: string) => FakeRecord
  /** Numbers that it refuses, with the number of the error. */
  readonly refused: Map<string, number>
  /** Where it would tell of the fate of what was created. */
  readonly callbacks: readonly string[]
}

export interface FakeTwilioOptions {
  readonly isByToken?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
}

const DATE = 'Mon, 05 Jan 2026 09:00:00 +0000'

export async function openFakeTwilio({
  isByToken = false,
  settings: more = {},
}: FakeTwilioOptions = {}): Promise<FakeTwilio> {
  const messages = new Map<string, FakeRecord>()
  const calls = new Map<string, FakeRecord>()
  const refused = new Map<string, number>()
  const callbacks: string[] = []
  let made = 0
  const secret = 'canary-secret-of-twilio'
  const user = isByToken ? ACCOUNT : KEY_SID
  const expected = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

  const nextSid = (kind: string): string => kind + (made += 1).toString(16).padStart(32, '0')

  function addMessage(status: string, form: Form): FakeRecord {
    const message = {
      sid: nextSid('SM'),
      account_sid: ACCOUNT,
      status,
      direction: 'outbound-api',
      from: form['From'] ?? null,
      to: form['To'] ?? '+14155550100',
      body: form['Body'] ?? 'Hello',
      num_segments: '1',
      messaging_service_sid: form['MessagingServiceSid'] ?? null,
      error_code: null,
      date_created: DATE,
      date_sent: status === 'scheduled' ? null : DATE,
    }
    messages.set(message.sid, message)
    return message
  }

  function addCall(status: string, form: Form): FakeRecord {
    const call = {
      sid: nextSid('CA'),
      account_sid: ACCOUNT,
      status,
      direction: 'outbound-api',
      from: form['From'] ?? null,
      to: form['To'] ?? '+14155550100',
      twiml: form['Twiml'] ?? null,
      duration: status === 'completed' ? '61' : null,
      start_time: DATE,
      end_time: null,
      answered_by: null,
    }
    calls.set(call.sid, call)
    return call
  }

  function handle(request: VendorRequest): VendorAnswer {
    if (request.headers['authorization'] !== expected) return refuse(401, 20_003)
    const [, second, third, noun = '', last = ''] = request.segments
    if (second === 'PhoneNumbers') return lookUp(third ?? '')
    if (third !== ACCOUNT) return refuse(404, 20_404)
    const form = (request.body ?? {}) as Form
    const sid = last.replace('.json', '')
    switch (`${request.method} ${noun}`) {
      case 'GET Messages.json':
        return { status: 200, body: { messages: [...messages.values()].slice(-1) } }
      case 'POST Messages.json':
        return createMessage(form)
      case 'POST Calls.json':
        return create(form, () => addCall('queued', form))
      case 'GET Messages':
        return read(messages.get(sid))
      case 'GET Calls':
        return read(calls.get(sid))
      case 'POST Messages':
        return change(messages.get(sid), ['scheduled'], 'canceled', 30_409)
      case 'POST Calls':
        return change(calls.get(sid), ['queued', 'ringing', 'in-progress'], 'completed', 21_220)
      default:
        return refuse(404, 20_404)
    }
  }

  function createMessage(form: Form): VendorAnswer {
    const { From: from, MessagingServiceSid: service, SendAt: at } = form
    if (from === undefined && service === undefined) return refuse(400, 21_603)
    if (at !== undefined && Date.parse(at) < Date.now() + 300_000) return refuse(400, 35_114)
    return create(form, () => addMessage(at === undefined ? 'queued' : 'scheduled', form))
  }

  function create(form: Form, make: () => FakeRecord): VendorAnswer {
    const { To: to = '', StatusCallback: callback } = form
    const code = refused.get(to)
    if (code !== undefined) return refuse(400, code)
    if (callback !== undefined) callbacks.push(callback)
    return { status: 201, body: make() }
  }

  const description = describeBoth()
  const vendor = await openFakeVendor({ handle, description })
  return {
    vendor,
    auth: isByToken
      ? { kind: 'token', auth_token: secret }
      : { kind: 'key', key_sid: KEY_SID, secret },
    settings: (url) => ({
      account_sid: ACCOUNT,
      base_url: url,
      lookups_url: url,
      from: '+14155550199',
      messaging_service_sid: SERVICE,
      countries: ['US', 'GB'],
      ...more,
    }),
    get messages() {
      return [...messages.values()]
    },
    get calls() {
      return [...calls.values()]
    },
    seedMessage: (status) => addMessage(status, {}),
    seedCall: (status) => addCall(status, {}),
    refused,
    callbacks,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

type Form = Readonly<Record<string, string | undefined>>

const refuse = (status: number, code: number): VendorAnswer => ({
  status,
  body: { code, message: `It says: ${code}`, more_info: 'https://www.twilio.com', status },
})

const read = (found: FakeRecord | undefined): VendorAnswer =>
  found === undefined ? refuse(404, 20_404) : { status: 200, body: found }

function change(
  found: FakeRecord | undefined,
  from: readonly string[],
  to: string,
  code: number,
): VendorAnswer {
  if (found === undefined) return refuse(404, 20_404)
  if (!from.includes(found.status)) return refuse(400, code)
  found.status = to
  return { status: 200, body: found }
}

const lookUp = (phone: string): VendorAnswer => ({
  status: 200,
  body: {
    phone_number: phone,
    valid: true,
    validation_errors: [],
    country_code: 'US',
    calling_country_code: '1',
    national_format: '(415) 555-0100',
    line_type_intelligence: {
      type: 'mobile',
      carrier_name: 'Example Mobile',
      mobile_country_code: '310',
      mobile_network_code: '150',
      error_code: null,
    },
  },
})

/** Its two hosts, which the fake is both of. */
function describeBoth(): Description {
  const api = readDescription('twilio')
  const lookups = readDescription('twilio-lookups')
  const of = ({ path }: VendorRequest): Description => (path.startsWith('/v2/') ? lookups : api)
  return {
    judgeRequest: (request) => of(request).judgeRequest(request),
    judgeAnswer: (request, answer) => of(request).judgeAnswer(request, answer),
  }
}
