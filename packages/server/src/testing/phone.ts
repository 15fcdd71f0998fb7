// A telephone that speaks ConversationRelay's messages, and signs as Twilio does.

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'

const AUTH_TOKEN = 'twilio-auth-token-made-up'
const PUBLIC_BASE = 'https://bookend.example'
const RELAY_PATH = '/platforms/twilio/main/relay'
export const RELAY_URL = `wss://bookend.example${RELAY_PATH}`

export const twilioOptions = {
  account_sid: `AC${'0'.repeat(31)}1`,
  auth_token: AUTH_TOKEN,
  public_base_url: PUBLIC_BASE,
  relay: {
    url: RELAY_URL,
    transfer_to: { 'front desk': '+15550100777' },
    rescue: 'front desk',
  },
}

const sign = (text: string): string => createHmac('sha1', AUTH_TOKEN).update(text).digest('base64')

interface Said {
  readonly type: string
  readonly token?: string
  readonly last?: boolean
  readonly handoffData?: string
  readonly digits?: string
}

export class Phone {
  readonly said: Said[] = []
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.said.push(JSON.parse(data.toString()) as Said))
  }

  /** Rejects with the status where it is refused. */
  static async open(serverUrl: string, signature = sign(RELAY_URL)): Promise<Phone> {
    const url = serverUrl.replace(/^http/, 'ws') + RELAY_PATH
    const socket = new WebSocket(url, { headers: { 'x-twilio-signature': signature } })
    const phone = new Phone(socket)
    const refused = new Promise<never>((_, reject) => {
      socket.on('unexpected-response', (_request, { statusCode }) => {
        socket.terminate()
        reject(new Error(`${statusCode}`))
      })
      socket.on('error', reject)
    })
    await Promise.race([once(socket, 'open'), refused])
    return phone
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  setUp(callSid: string, customParameters: Readonly<Record<string, string>>, more = {}): void {
    this.send({
      type: 'setup',
      sessionId: callSid.replace('CA', 'VX'),
      callSid,
      from: '+447700900142',
      to: '+15550100900',
      direction: 'inbound',
      customParameters,
      ...more,
    })
  }

  prompt(voicePrompt: string, last = true): void {
    this.send({ type: 'prompt', voicePrompt, lang: 'en-US', last })
  }

  /** What was said, each sentence whole. */
  get sentences(): readonly string[] {
    const sentences = ['']
    for (const { type, token = '', last } of this.said) {
      if (type !== 'text') continue
      sentences[sentences.length - 1] += token
      if (last === true) sentences.push('')
    }
    return sentences.filter((text) => text !== '')
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  close(): void {
    this.#socket.close()
  }
}

/** A form that Twilio sends, signed. */
export async function sendForm(
  serverUrl: string,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const fields = Object.entries(form).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const signed = PUBLIC_BASE + path + fields.map(([name, value]) => name + value).join('')
  return await fetch(serverUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': sign(signed),
    },
    body: new URLSearchParams(form).toString(),
  })
}

/** By name, of a `ConversationRelay` verb. */
export const parametersIn = (twiml: string): Record<string, string> =>
  Object.fromEntries(
    [...twiml.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"\/>/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  )
