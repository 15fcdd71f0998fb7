// One connection to a server, whose commands go one behind the other.
//
//   ask ─▶ session, opened when there is none ─▶ command ─▶ reply
//
// L1. At the deadline the action ends at once, also while the session opens.
// L2. A session that gave no byte while a command waited for all of its time takes no other; those
//     that wait on it keep it until their own end.
// L3. A reply has at most 1 MiB; a longer one ends its session.
// L4. A command is written once, and never again on another session.

import type { Effect, FaultVerdict } from '@bookend/core'
import { ConnectorFault, maybeDone } from '@bookend/core'
import { classifyRedis } from './classify.ts'
import { openSession, type Session, type SessionOptions } from './open-session.ts'

export interface Command {
  readonly name: string
  readonly args: readonly (string | number)[]
  readonly effect: Effect
  readonly signal: AbortSignal
}

/** Texts are bytes, as they are stored. */
export type Reply = Buffer | number | null | readonly Reply[]

interface Waiting {
  isOver: boolean
  readonly end: (verdict: FaultVerdict) => void
}

interface OpenSession extends Session {
  /** In the order in which their replies come. */
  readonly waiting: Set<Waiting>
  /** Since the last reply that was whole. */
  bytes: number
  heardAtMs: number
  isRetired: boolean
}

const REPLY_BYTES_MAX = 1_048_576

export class Line {
  readonly #options: SessionOptions
  readonly #closing = new AbortController()
  readonly #sessions = new Set<OpenSession>()
  #opening: Promise<OpenSession> | null = null

  constructor(options: Omit<SessionOptions, 'closed'>) {
    this.#options = { ...options, closed: this.#closing.signal }
  }

  /** @throws {ConnectorFault} Every failure, never the library's own error. */
  async ask(command: Command): Promise<Reply> {
    const session = await this.#sessionWithin(command.signal)
    return await this.#send(session, command)
  }

  close(): void {
    this.#closing.abort()
  }

  #sessionWithin(signal: AbortSignal): Promise<OpenSession> {
    return new Promise((resolve, reject) => {
      const leave = (): void =>
        reject(new ConnectorFault({ kind: 'retry', detail: 'no_session_in_time' }))
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      this.#session()
        .then(resolve, (error: unknown) => reject(toFault(error)))
        .finally(() => signal.removeEventListener('abort', leave))
    })
  }

  #session(): Promise<OpenSession> {
    for (const session of this.#sessions) {
      if (!session.isRetired && session.socket.writable) return Promise.resolve(session)
    }
    this.#opening ??= this.#open().finally(() => (this.#opening = null))
    return this.#opening
  }

  async #open(): Promise<OpenSession> {
    const opened = await openSession(this.#options)
    const session: OpenSession = {
      ...opened,
      waiting: new Set(),
      bytes: 0,
      heardAtMs: performance.now(),
      isRetired: false,
    }
    this.#sessions.add(session)
    session.socket.on('data', (chunk: Buffer) => hear(session, chunk))
    session.socket.once('close', () => this.#sessions.delete(session))
    return session
  }

  #send(session: OpenSession, { name, args, effect, signal }: Command): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const sentAtMs = performance.now()
      const waiting: Waiting = {
        isOver: false,
        end: (verdict) => {
          waiting.isOver = true
          reject(new ConnectorFault(verdict))
          if (session.isRetired) closeIfIdle(session)
        },
      }
      const onEnd = (): void => {
        if (session.heardAtMs < sentAtMs) session.isRetired = true
        waiting.end(maybeDone(effect, 'deadline'))
      }
      session.waiting.add(waiting)
      signal.addEventListener('abort', onEnd, { once: true })
      session.redis
        .callBuffer(name, ...args)
        .then(
          (reply) => resolve(reply as Reply),
          (error: unknown) => {
            const verdict = classifyRedis(error, effect, 'command')
            // It is another's replica by now: the name may lead to its primary.
            if (verdict.detail === 'redis_readonly') session.isRetired = true
            if (!waiting.isOver) waiting.end(verdict)
          },
        )
        .finally(() => {
          waiting.isOver = true
          session.bytes = 0
          session.waiting.delete(waiting)
          signal.removeEventListener('abort', onEnd)
          if (session.isRetired) closeIfIdle(session)
        })
    })
  }
}

function hear(session: OpenSession, chunk: Buffer): void {
  session.heardAtMs = performance.now()
  session.bytes += chunk.byteLength
  if (session.bytes <= REPLY_BYTES_MAX) return
  const [first] = session.waiting
  first?.end({ kind: 'refused', detail: 'answer_too_large' })
  session.socket.destroy()
}

function closeIfIdle({ waiting, socket }: OpenSession): void {
  if ([...waiting].every(({ isOver }) => isOver)) socket.destroy()
}

function toFault(error: unknown): ConnectorFault {
  if (error instanceof ConnectorFault) return error
  return new ConnectorFault(classifyRedis(error, 'read', 'opening'))
}
