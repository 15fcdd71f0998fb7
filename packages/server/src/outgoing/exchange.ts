// One request and its answer.
//
//   begin ─▶ (connection) ─▶ sending ─▶ 1xx* ─▶ headers ─▶ body ─▶ end
//      └──────────── deadline · abort · fault, at any point ────────┘
//
// E1. The caller is answered exactly once, and never later than its timer: giving up does not wait
//     for the connection to be taken down.
// E2. `sent` is what the socket was told, not what was hoped for. A request reported as not sent
//     stays unsent, even if its connection opens a moment later.
// E3. What is over a limit ends the exchange where it is seen, and is never read to its end.

import type { HttpPhases, HttpRequest, HttpResult, OutgoingCode } from '@bookend/core'
import { codeOf, OutgoingFault } from './codes.ts'
import { Stopwatch } from './phases.ts'
import { declaredLength, decodeBody, decoderOf, readHeaders } from './response.ts'
import type { Sendable } from './send-watch.ts'

/** The connection an exchange runs on, as far as the exchange cares. */
export interface Carrier {
  /** The connection has served an exchange before. */
  readonly isReused: boolean
  /** The answer was read to its end; the connection may be used again. */
  completed(): void
  /** The connection is of no more use. */
  abandoned(): void
}

/** What carries an exchange, as far as undici's side of it goes. */
export interface WireControl {
  /** Of the last head that came: name, value, name, value. */
  readonly rawHeaders?: unknown
  abort(reason: Error): void
}

const informationalMax = 8
/** A longer timer would fire at once. */
const timerMaxMs = 2 ** 31 - 1
const CUT = new OutgoingFault('connection_reset')

export class Exchange implements Sendable {
  readonly request: HttpRequest
  readonly watch = new Stopwatch()
  readonly #resolve: (result: HttpResult) => void
  #carrier: Carrier | null = null
  #timer: NodeJS.Timeout | undefined
  #isSettled = false
  #informational = 0
  #status: number | null = null
  #headers: Readonly<Record<string, string>> = {}
  #chunks: Buffer[] = []
  #received = 0

  constructor(request: HttpRequest, resolve: (result: HttpResult) => void) {
    this.request = request
    this.#resolve = resolve
  }

  /** Starts the deadline. */
  begin(carrier: Carrier): void {
    const { totalMs, signal } = this.request
    this.#carrier = carrier
    this.#timer = setTimeout(failLate, Math.min(totalMs, timerMaxMs), this)
    signal?.addEventListener('abort', this)
  }

  /** The caller's signal. */
  handleEvent(): void {
    this.fail('timeout')
  }

  fail(code: OutgoingCode): void {
    if (this.#isSettled) return
    const { wasSent: sent } = this.watch
    this.#settle({ kind: 'failed', code, sent, status: this.#status, phases: this.watch.read() })
    const carrier = this.#carrier
    this.#carrier = null
    carrier?.abandoned()
  }

  sending(): void {
    this.watch.sent()
  }

  sent(): void {
    this.watch.flushed()
  }

  onRequestStart(controller: WireControl): void {
    if (this.#isSettled) controller.abort(CUT)
  }

  onResponseStart(controller: WireControl, status: number): void {
    if (this.#isSettled) return
    if (status < 200) {
      this.#informational += 1
      if (this.#informational > informationalMax) this.#cut(controller, 'headers_too_large')
      return
    }
    this.watch.headers()
    this.#status = status
    this.#headers = readHeaders(rawHeadersOf(controller))
    const refusal = this.#judgeHead(status)
    if (refusal !== null) this.#cut(controller, refusal)
  }

  #judgeHead(status: number): OutgoingCode | null {
    if (status >= 300 && status < 400) return 'redirect_refused'
    if (this.request.method === 'HEAD') return null
    if (declaredLength(this.#headers) > this.request.maxBodyBytes) return 'response_too_large'
    try {
      decoderOf(this.#headers)
      return null
    } catch (error) {
      return codeOf(error)
    }
  }

  onResponseData(controller: WireControl, chunk: Buffer): void {
    if (this.#isSettled) return
    this.#received += chunk.length
    if (this.#received > this.request.maxBodyBytes) this.#cut(controller, 'response_too_large')
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#isSettled) return
    const carrier = this.#carrier
    const isReused = carrier?.isReused ?? false
    this.#carrier = null
    carrier?.completed()
    const body = this.#takeBody()
    const decode = this.request.method === 'HEAD' ? null : decoderOf(this.#headers)
    if (decode === null) {
      this.#answer(body, isReused)
      return
    }
    decodeBody(decode, body, this.request.maxBodyBytes).then(
      (decoded) => this.#answer(decoded, isReused),
      (error: unknown) => this.fail(codeOf(error)),
    )
  }

  onResponseError(_controller: WireControl, error: Error): void {
    this.fail(codeOf(error))
  }

  #cut(controller: WireControl, code: OutgoingCode): void {
    this.fail(code)
    controller.abort(CUT)
  }

  #takeBody(): Uint8Array {
    const chunks = this.#chunks
    this.#chunks = []
    const [only] = chunks
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
  }

  #answer(body: Uint8Array, reusedConnection: boolean): void {
    if (this.#isSettled) return
    const phases: HttpPhases = this.watch.read()
    const status = this.#status ?? 0
    const headers = this.#headers
    this.#settle({ kind: 'answered', status, headers, body, sent: true, phases, reusedConnection })
  }

  #settle(result: HttpResult): void {
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.request.signal?.removeEventListener('abort', this)
    this.#chunks = []
    this.#resolve(result)
  }
}

function failLate(exchange: Exchange): void {
  exchange.fail('timeout')
}

function rawHeadersOf({ rawHeaders }: WireControl): readonly Buffer[] {
  return Array.isArray(rawHeaders) ? rawHeaders : []
}
