// Two ways to put load on an HTTP server.
//
// Open loop: requests leave at their own times, whether or not earlier ones were answered, and each
// is timed from the moment it was meant to leave. A server that stalls is charged for everyone it
// kept waiting.
// Closed loop: a fixed number of callers, each sending as soon as it was answered. It finds how much
// a server can do.

import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'

export interface Question {
  /** The same for every call, or of the call with this number. */
  readonly path: string | ((call: number) => string)
  readonly headers: Readonly<Record<string, string>>
  /** Of the call with this number. */
  readonly body: (call: number) => string
  /** Whether the body of an answer is what it should be. */
  readonly isRight: (answer: string) => boolean
}

export interface Load {
  /** From the intended moment to the last byte of the answer, in the order of sending. */
  readonly latenciesMs: readonly number[]
  readonly wrong: number
  readonly elapsedMs: number
}

const CONNECTIONS = 64
/** Timers have whole milliseconds; the rest of a wait is spent in turns of the loop. */
const TURNS_BELOW_MS = 1.2

/** Keeps its connections to one server from one measurement to the next. */
export class Driver implements AsyncDisposable {
  readonly #pool: Pool
  #calls = 0

  constructor(url: string) {
    this.#pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 })
  }

  async openLoop(question: Question, perSecond: number, count: number): Promise<Load> {
    const startMs = performance.now() + 5
    const sent: Promise<readonly [latencyMs: number, isRight: boolean]>[] = []
    for (let index = 0; index < count; index += 1) {
      const dueMs = startMs + (index * 1_000) / perSecond
      await until(dueMs)
      sent.push(
        this.#send(question).then((isRight) => [performance.now() - dueMs, isRight] as const),
      )
    }
    const answers = await Promise.all(sent)
    return {
      latenciesMs: answers.map(([latencyMs]) => latencyMs),
      wrong: answers.filter(([, isRight]) => !isRight).length,
      elapsedMs: performance.now() - startMs,
    }
  }

  /** Ends after a time, or after a number of calls. */
  async closedLoop(
    question: Question,
    callers: number,
    { forMs = Infinity, calls = Infinity }: { forMs?: number; calls?: number },
  ): Promise<Load> {
    const startMs = performance.now()
    const latenciesMs: number[] = []
    let wrong = 0
    const call = async (): Promise<void> => {
      while (performance.now() - startMs < forMs && latenciesMs.length < calls) {
        const sentMs = performance.now()
        if (!(await this.#send(question))) wrong += 1
        latenciesMs.push(performance.now() - sentMs)
      }
    }
    await Promise.all(Array.from({ length: callers }, call))
    return { latenciesMs, wrong, elapsedMs: performance.now() - startMs }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close()
  }

  async #send({ path, headers, body: bodyOf, isRight }: Question): Promise<boolean> {
    this.#calls += 1
    try {
      const { statusCode, body } = await this.#pool.request({
        path: typeof path === 'string' ? path : path(this.#calls),
        method: 'POST',
        headers,
        body: bodyOf(this.#calls),
      })
      const answer = await body.text()
      return statusCode < 300 && isRight(answer)
    } catch {
      return false
    }
  }
}

async function until(dueMs: number): Promise<void> {
  const waitMs = dueMs - performance.now() - TURNS_BELOW_MS
  if (waitMs >= 1) await pause(Math.floor(waitMs))
  while (performance.now() < dueMs) await new Promise((resolve) => setImmediate(resolve))
}
