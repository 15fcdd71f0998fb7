// Relays to send through: smtp-server, which is somebody else's reading of the protocol, and a
// scripted one that stops where it is told to.

import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Relay extends AsyncDisposable {
  readonly port: number
  /** The messages it took, as they came. */
  readonly mails: readonly string[]
}

export async function openRelay(options: SMTPServerOptions = {}): Promise<Relay> {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let mail = ''
      stream.on('data', (chunk: Buffer) => (mail += chunk.toString()))
      stream.on('end', () => {
        mails.push(mail)
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export type Stage = 'connect' | 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'dot'

export interface Script {
  readonly at: Stage
  /** What it says there; nothing for silence. */
  readonly reply?: string
  /** And then it hangs up. */
  readonly isLost?: boolean
}

/** Speaks as it should up to one point. */
export async function openScriptedRelay({ at, reply, isLost = false }: Script): Promise<Relay> {
  const mails: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let isBody = false
    let text = ''
    const say = (stage: Stage, usual: string): void => {
      if (stage !== at) return void socket.write(`${usual}\r\n`)
      if (reply !== undefined) socket.write(`${reply}\r\n`)
      if (isLost) socket.destroy()
    }
    if (at === 'connect') return void (isLost && socket.destroy())
    say('greeting', '220 relay')
    socket.on('data', (chunk) => {
      text += chunk.toString()
      for (;;) {
        const end = isBody ? '\r\n.\r\n' : '\r\n'
        const place = text.indexOf(end)
        if (place < 0) return
        const line = text.slice(0, place)
        text = text.slice(place + end.length)
        if (isBody) {
          isBody = false
          mails.push(line)
          say('dot', '250 taken')
        } else if (line.startsWith('EHLO')) say('EHLO', '250 relay')
        else if (line.startsWith('MAIL')) say('MAIL', '250 ok')
        else if (line.startsWith('RCPT')) say('RCPT', '250 ok')
        else if (line.startsWith('DATA')) {
          isBody = at !== 'DATA'
          say('DATA', '354 go on')
        } else socket.write('250 ok\r\n')
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
