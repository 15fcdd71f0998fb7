// A gate before a broker that asks for a password by SCRAM-SHA-256 (RFC 5802), as a broker's own
// listener does: who is not let in reaches no broker.
//
//   ApiVersions ─▶ the broker's answer, and SASL ─▶ handshake ─▶ first, final ─▶ everything else

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onlyAddress } from './advertise.ts'

export interface SaslGate extends AsyncDisposable {
  readonly port: number
  /** All that was heard, as bytes. */
  readonly heard: () => Buffer
}

export interface Credential {
  readonly user: string
  readonly password: string
}

const API_VERSIONS = 18
const SASL_HANDSHAKE = 17
const SASL_AUTHENTICATE = 36
const REFUSED = 58
const MECHANISM = 'SCRAM-SHA-256'
const ITERATIONS = 4_096

export async function startSaslGate(target: number, credential: Credential): Promise<SaslGate> {
  const heard: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    const talk = startScram(credential)
    const versionsAsked = new Set<number>()
    const { port } = server.address() as AddressInfo
    const rewrite = onlyAddress(target)
    near.on('data', (chunk: Buffer) => heard.push(chunk))
    onFrames(near, (frame) => {
      const [key, correlation] = [frame.readInt16BE(0), frame.readInt32BE(4)]
      const body = frame.subarray(10 + Math.max(0, frame.readInt16BE(8)))
      if (key === SASL_HANDSHAKE) near.write(framed(correlation, int16(0), list(MECHANISM)))
      else if (key === SASL_AUTHENTICATE) {
        const said = talk.answer(body.subarray(4).toString())
        near.write(
          said === null
            ? framed(correlation, int16(REFUSED), text('no'), int32(0))
            : framed(correlation, int16(0), int16(-1), bytes(said)),
        )
      } else if (key === API_VERSIONS || talk.isDone()) {
        if (key === API_VERSIONS) versionsAsked.add(correlation)
        far.write(Buffer.concat([int32(frame.length), frame]))
      } else near.destroy()
    })
    onFrames(far, (frame) => {
      const isVersions = versionsAsked.delete(frame.readInt32BE(0))
      const own = isVersions ? withSasl(frame) : rewrite(frame, port)
      near.write(Buffer.concat([int32(own.length), own]))
    })
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', end).on('close', end)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The server's side of one conversation. */
function startScram({ user, password }: Credential) {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  let first: { readonly nonce: string; readonly said: string } | null = null
  let isDone = false
  const answer = (message: string): string | null => {
    const fields = new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
    if (first === null) {
      const nonce = `${fields.get('r') ?? ''}${randomBytes(12).toString('hex')}`
      const reply = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`
      first = { nonce, said: `${message.slice(3)},${reply}` }
      return fields.get('n') === user || message.includes(`n=${user},`) ? reply : null
    }
    const signed = `${first.said},${message.slice(0, message.lastIndexOf(',p='))}`
    const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest()
    const signature = hmac(stored, signed)
    const proof = Buffer.from(fields.get('p') ?? '', 'base64')
    const key = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] ?? 0)))
    isDone = createHash('sha256').update(key).digest().equals(stored)
    return isDone ? `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}` : null
  }
  return { answer, isDone: () => isDone }
}

const hmac = (key: Buffer, message: string): Buffer =>
  createHmac('sha256', key).update(message).digest()

/** The broker's own requests, and the two of SASL. */
function withSasl(answer: Buffer): Buffer {
  const count = answer.readInt32BE(6)
  const end = 10 + count * 6
  return Buffer.concat([
    answer.subarray(0, 6),
    int32(count + 2),
    answer.subarray(10, end),
    ...[SASL_HANDSHAKE, 0, 1, SASL_AUTHENTICATE, 0, 0].map(int16),
    answer.subarray(end),
  ])
}

function onFrames(socket: Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const size = rest.readInt32BE(0)
      const frame = rest.subarray(4, 4 + size)
      rest = rest.subarray(4 + size)
      take(frame)
    }
  })
}

function framed(correlation: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat([int32(correlation), ...parts])
  return Buffer.concat([int32(body.length), body])
}

const int16 = (value: number): Buffer => Buffer.from([(value >> 8) & 255, value & 255])
const int32 = (value: number): Buffer => Buffer.concat([int16(value >> 16), int16(value)])
const text = (value: string): Buffer => Buffer.concat([int16(value.length), Buffer.from(value)])
const bytes = (value: string): Buffer => Buffer.concat([int32(value.length), Buffer.from(value)])
const list = (value: string): Buffer => Buffer.concat([int32(1), text(value)])
