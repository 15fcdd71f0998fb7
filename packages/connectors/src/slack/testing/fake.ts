// Slack's messages, conversations and people as far as the connector uses them.

import { type FakeVendor, openFakeVendor } from '../../testing/fake-vendor.ts'
import { readDescription } from '../../testing/openapi.ts'
import type { VendorAnswer, VendorRequest } from '../../testing/vendor-request.ts'

export interface FakeMessage {
  readonly channel: string
  readonly ts: string
  text: string
  blocks: readonly unknown[]
  /** All that was sent with it. */
  sent: Readonly<Record<string, unknown>>
}

export interface FakeSlack extends AsyncDisposable {
  readonly vendor: FakeVendor
  readonly auth: { readonly token: string }
  readonly settings: (url: string) => Record<string, unknown>
  readonly messages: readonly FakeMessage[]
  /** A message that has long been there. */
  readonly seed: (text: string) => FakeMessage
  readonly addUser: (email: string, more?: Record<string, unknown>) => string
}

const TOKEN = 'xoxb-1111111111-canary0000000001'
export const CHANNEL = 'C0SUPPORT01'

export async function openFakeSlack(): Promise<FakeSlack> {
  const messages: FakeMessage[] = []
  const users = new Map<string, Record<string, unknown> & { readonly id: string }>()
  const channels = new Set([CHANNEL])
  let ticks = 1_767_600_000

  function post(channel: string, sent: Record<string, unknown>): FakeMessage {
    const made: FakeMessage = { channel, ts: `${(ticks += 1)}.000100`, ...contentOf(sent), sent }
    messages.push(made)
    return made
  }

  function handle(request: VendorRequest): VendorAnswer {
    const { token, ...body } = (request.body ?? {}) as Record<string, unknown>
    const header = request.headers['authorization']
    if (header !== `Bearer ${TOKEN}` && token !== TOKEN) return refuse('invalid_auth')
    const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '')
    switch (request.segments.at(-1) ?? '') {
      case 'auth.test':
        return {
          status: 200,
          headers: { 'x-oauth-scopes': 'chat:write,users:read.email' },
          body: { ok: true, ...WHO },
        }
      case 'chat.postMessage': {
        if (!channels.has(text('channel'))) return refuse('channel_not_found')
        const { channel, ts, text: shown } = post(text('channel'), body)
        const message = { type: 'message', text: shown, ts, user: WHO.user_id }
        return ok({ channel, ts, message: { ...message, team: WHO.team_id } })
      }
      case 'chat.update': {
        const found = messages.find((one) => one.ts === text('ts'))
        if (found === undefined || found.channel !== text('channel')) {
          return refuse('message_not_found')
        }
        Object.assign(found, contentOf(body), { sent: body })
        const { channel, ts } = found
        return ok({ channel, ts, text: found.text, message: { text: found.text } })
      }
      case 'conversations.open': {
        if (!users.has(text('users'))) return refuse('user_not_found')
        const id = text('users').replace(/^U/, 'D')
        channels.add(id)
        return ok({ channel: { id } })
      }
      case 'users.lookupByEmail': {
        const user = [...users.values()].find((one) => one['email'] === text('email'))
        if (user === undefined) return refuse('users_not_found')
        const { email, ...own } = user
        return ok({ user: { ...own, profile: { ...PROFILE, email } } })
      }
      default:
        return refuse('unknown_method')
    }
  }

  const vendor = await openFakeVendor({ handle, description: readDescription('slack') })
  return {
    vendor,
    auth: { token: TOKEN },
    settings: (url) => ({ base_url: url }),
    messages,
    seed: (text) => post(CHANNEL, { text }),
    addUser(email, more = {}) {
      const id = `U0PERSON${String(users.size).padStart(2, '0')}`
      users.set(id, { id, name: 'ada', real_name: 'Ada Lovelace', ...USER, ...more, email })
      return id
    },
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

/** JSON holds blocks as they are, a form as text. */
function contentOf({ text, blocks }: Record<string, unknown>) {
  const read: unknown = typeof blocks === 'string' ? JSON.parse(blocks) : blocks
  return {
    text: typeof text === 'string' ? text : '',
    blocks: Array.isArray(read) ? (read as readonly unknown[]) : [],
  }
}

const WHO = {
  url: 'https://acme.slack.com/',
  team: 'Acme',
  user: 'bookend',
  team_id: 'T0ACME0001',
  user_id: 'U0BOT00001',
  bot_id: 'B0BOT00001',
} as const

const USER = {
  team_id: 'T0ACME0001',
  is_bot: false,
  is_app_user: false,
  updated: 1_767_600_000,
} as const

const PROFILE = {
  avatar_hash: 'a',
  display_name: 'ada',
  display_name_normalized: 'ada',
  fields: {},
  image_24: 'https://a.example/24',
  image_32: 'https://a.example/32',
  image_48: 'https://a.example/48',
  image_72: 'https://a.example/72',
  image_192: 'https://a.example/192',
  image_512: 'https://a.example/512',
  phone: '',
  real_name: 'Ada Lovelace',
  real_name_normalized: 'Ada Lovelace',
  skype: '',
  status_emoji: '',
  status_text: '',
  title: '',
} as const

const ok = (body: object): VendorAnswer => ({ status: 200, body: { ok: true, ...body } })

const refuse = (error: string): VendorAnswer => ({ status: 200, body: { ok: false, error } })
