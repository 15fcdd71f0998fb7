// One connection to one origin, carrying one exchange at a time.
//
// undici's own pool would decide which connection takes which request, and with it whose deadline a
// connection attempt belongs to. A lane is an undici client of one connection, so that a failing
// exchange takes down what was opened for it, and nothing else.
//
// L1. A connection is used for a minute at most: a changed DNS answer is judged again by then.
// L2. A connection is given on only after a whole answer, with nothing left to write.
// L3. undici closes a connection on which bytes arrive that no request asked for.

import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { OutgoingCode } from '@bookend/core'
import { Client } from 'undici'
import { codeOf, OutgoingFault } from './codes.ts'
import { dial, type DialGuard, type DialTarget, type DialWatch } from './connect.ts'
import type { Carrier, Exchange } from './exchange.ts'
import { watchSend } from './send-watch.ts'
import { Wire } from './wire.ts'

export interface LaneOwner {
  /** The lane is free for another exchange. */
  released(lane: Lane): void
  /** The lane is of no more use, and waits to be destroyed. */
  dropped(lane: Lane): void
}

export interface Origin {
  /** As undici takes it. */
  readonly href: string
  readonly target: DialTarget
  readonly isNamed: boolean
}

export interface Dispatch {
  readonly path: string
  /** Name, value, name, value. */
  readonly headers: string[]
}

type ConnectDone = (...args: [null, Socket] | [Error, null]) => void

const headerBytesMax = 16_384
/** Without a hint from the other side; common servers close after five seconds. */
const idleMs = 4_000

export class Lane implements Carrier, DialWatch {
  readonly #origin: Origin
  readonly #guard: DialGuard
  readonly #owner: LaneOwner
  readonly #keepMs: number
  readonly #client: Client
  #exchange: Exchange | null = null
  #dialling: AbortController | null = null
  #socket: Socket | null = null
  #openedAtMs = 0
  #answers = 0
  #isDropped = false

  constructor(origin: Origin, guard: DialGuard, owner: LaneOwner, keepMs: number) {
    this.#origin = origin
    this.#guard = guard
    this.#owner = owner
    this.#keepMs = keepMs
    this.#client = new Client(origin.href, {
      connect: (_options, done: ConnectDone) => this.#connect(done),
      pipelining: 1,
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: Math.max(1, keepMs),
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    // undici reports here what its callbacks throw; unheard it would end the process.
    const emitter: EventEmitter = this.#client
    emitter.on('error', (error: unknown) => this.#exchange?.fail(codeOf(error)))
  }

  get isReused(): boolean {
    return this.#answers > 0
  }

  /** May carry another exchange. */
  get isFresh(): boolean {
    const socket = this.#socket
    return (
      socket !== null && !socket.destroyed && performance.now() - this.#openedAtMs < this.#keepMs
    )
  }

  run(exchange: Exchange, { path, headers }: Dispatch): void {
    const { method, body } = exchange.request
    this.#exchange = exchange
    watchSend(exchange, () => {
      this.#client.dispatch({ path, method, headers, body: body ?? null }, new Wire(exchange))
    })
  }

  completed(): void {
    this.#exchange = null
    this.#answers += 1
    const isFlushed = this.#socket?.writableLength === 0
    if (isFlushed && this.isFresh) this.#owner.released(this)
    else this.drop()
  }

  abandoned(): void {
    this.#exchange = null
    this.drop()
  }

  drop(): void {
    if (this.#isDropped) return
    this.#isDropped = true
    this.#owner.dropped(this)
  }

  /** Ends the exchange on it, if there is one. */
  fail(code: OutgoingCode): void {
    this.#exchange?.fail(code)
  }

  /** Resolves when the connection is gone. */
  destroy(): Promise<void> {
    this.#dialling?.abort(new OutgoingFault('connection_reset'))
    return this.#client.destroy()
  }

  resolved(): void {
    this.#exchange?.watch.resolved()
  }

  connected(): void {
    this.#exchange?.watch.connected()
  }

  secured(): void {
    this.#exchange?.watch.secured()
  }

  /** Called by undici for the first exchange, and again if an idle connection turns out closed. */
  #connect(done: ConnectDone): void {
    const exchange = this.#exchange
    const { target, isNamed } = this.#origin
    const dialling = new AbortController()
    this.#dialling = dialling
    this.#answers = 0
    exchange?.watch.dialled(isNamed, target.secureContext !== null)
    const connectMs = exchange?.request.connectMs
    const timer =
      connectMs === undefined ? undefined : setTimeout(() => exchange?.fail('timeout'), connectMs)
    dial(target, this.#guard, this, dialling.signal)
      .finally(() => clearTimeout(timer))
      .then(
        (socket) => this.#opened(socket, done),
        (error: unknown) => this.#report(done, new OutgoingFault(codeOf(error)), null),
      )
  }

  #opened(socket: Socket, done: ConnectDone): void {
    this.#socket = socket
    this.#openedAtMs = performance.now()
    socket.once('close', () => this.#closed(socket))
    this.#report(done, null, socket)
  }

  #closed(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    if (this.#exchange === null) this.drop()
  }

  /** undici checks its own state in the callback; what it throws ends the exchange. */
  #report(done: ConnectDone, ...args: Parameters<ConnectDone>): void {
    try {
      done(...args)
    } catch (error) {
      this.#exchange?.fail(codeOf(error))
    }
  }
}
