// A telephone on a ConversationRelay socket: says something, and hears the answer to its end.

import { createHmac } from 'node:crypto'
import { WebSocket } from 'undici'

export interface Answer {
  readonly firstWordAtMs: number
}

export class Phone {
  readonly #socket: WebSocket
  #hear: (message: { type: string; token?: string; last?: boolean }) => void = () => undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) =>
      this.#hear(JSON.parse(String(data)) as { type: string }),
    )
  }

  static async call(url: string, token: string, index: number, to: string): Promise<Phone> {
    const signature = createHmac('sha1', token).update(url).digest('base64')
    const socket = new WebSocket(url, { headers: { 'x-twilio-signature': signature } })
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error('the socket was refused')))
    })
    const phone = new Phone(socket)
    const sid = String(index).padStart(32, '0')
    const greeted = phone.#answer()
    phone.#send({
      type: 'setup',
      sessionId: `VX${sid}`,
      callSid: `CA${sid}`,
      from: `+1555${String(1_000_000 + index)}`,
      to,
      direction: 'inbound',
      customParameters: {},
    })
    await greeted
    return phone
  }

  async say(text: string): Promise<Answer> {
    const answered = this.#answer()
    this.#send({ type: 'prompt', voicePrompt: text, lang: 'en-US', last: true })
    return await answered
  }

  close(): void {
    this.#socket.close()
  }

  #answer(): Promise<Answer> {
    let firstWordAtMs = 0
    return new Promise((resolve) => {
      this.#hear = ({ type, last }) => {
        if (type !== 'text') return
        firstWordAtMs ||= performance.now()
        if (last === true) resolve({ firstWordAtMs })
      }
    })
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }
}
