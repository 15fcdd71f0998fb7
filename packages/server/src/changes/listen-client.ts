// One connection that listens, opened again whenever it is lost.
//
//   connect ─▶ LISTEN ─▶ heartbeat every 15 s ─▶ lost ─▶ wait, longer each time ─▶ connect …
//
// L1. A connection that is silently gone is noticed by its heartbeat: a listener hears nothing either way.
// L2. Every reconnection is announced, for what was notified in between is lost.

import type { Clock } from '@bookend/core'
import pg from 'pg'
import type { Log } from '../log.ts'

export interface ListenClient {
  readonly isConnected: boolean
  /** All texts in one statement. @throws The connection is lost. */
  notify(texts: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface ListenClientOptions {
  readonly databaseUrl: string
  readonly log: Log
  readonly clock: Clock
  readonly onNotice: (text: string) => void
  readonly onReconnect: () => void
}

const CHANNEL = 'bookend_changes'
const HEARTBEAT_MS = 15_000
const ANSWER_MS = 5_000
const WAIT_FIRST_MS = 250
const WAIT_MAX_MS = 5_000

/** @throws The first connection could not be opened. */
export async function openListenClient(options: ListenClientOptions): Promise<ListenClient> {
  const client = new ReconnectingClient(options)
  await client.connect()
  return client
}

class ReconnectingClient implements ListenClient {
  readonly #options: ListenClientOptions
  #client: pg.Client | null = null
  #cancelTimer: () => void = () => undefined
  #failures = 0
  #isClosed = false

  constructor(options: ListenClientOptions) {
    this.#options = options
  }

  get isConnected(): boolean {
    return this.#client !== null
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'bookend changes',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    })
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, null))
    client.on('notification', ({ payload }) => this.#options.onNotice(payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    if (this.#isClosed) return client.end()
    this.#client = client
    this.#failures = 0
    this.#beatLater(client)
  }

  async notify(texts: readonly string[]): Promise<void> {
    const client = this.#client
    if (client === null) throw new Error('The connection that notifies is lost')
    try {
      await client.query('select pg_notify($1, text) from unnest($2::text[]) as text', [
        CHANNEL,
        [...texts],
      ])
    } catch (error) {
      this.#lose(client, error)
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer()
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => undefined)
  }

  #beatLater(client: pg.Client): void {
    this.#cancelTimer = this.#options.clock.setTimer(HEARTBEAT_MS, () => {
      client.query('select 1').then(
        () => {
          if (this.#client === client) this.#beatLater(client)
        },
        (error: unknown) => this.#lose(client, error),
      )
    })
  }

  #lose(client: pg.Client, error: unknown): void {
    if (this.#client !== client || this.#isClosed) return
    this.#client = null
    this.#cancelTimer()
    this.#options.log.warn({ err: error }, 'the connection that hears of changes is lost')
    void client.end().catch(() => undefined)
    this.#connectLater()
  }

  #connectLater(): void {
    const waitMs = Math.min(WAIT_FIRST_MS * 2 ** this.#failures, WAIT_MAX_MS)
    this.#failures += 1
    this.#cancelTimer = this.#options.clock.setTimer(waitMs, () => {
      this.connect().then(
        () => {
          if (this.#isClosed) return
          this.#options.log.info({}, 'the connection that hears of changes is back')
          this.#options.onReconnect()
        },
        () => {
          if (!this.#isClosed) this.#connectLater()
        },
      )
    })
  }
}
