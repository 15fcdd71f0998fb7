// A migrated database with one workspace, workers on it, and endpoints that record what reaches them.

import { createId, createSigningSecret, type HttpPort } from '@bookend/core'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { EVERYTHING, type Change, type Changes } from '../../../changes/changes.ts'
import type { Log } from '../../../log.ts'
import { createOutgoingClient } from '../../../outgoing/client.ts'
import { createSecrets } from '../../../secrets/secrets.ts'
import { openDatabase, type Database } from '../../../store/database.ts'
import { migrate } from '../../../store/migrate.ts'
import { enqueueDeliveries } from '../../../store/postgres/deliveries.ts'
import { insertEvent } from '../../../store/postgres/events.ts'
import { secretContext } from '../../../store/postgres/subscriptions.ts'
import { systemClock } from '../../../system-clock.ts'
import { testDatabase } from '../../../testing/postgres.ts'
import { startDeliveries, type DeliveriesOptions, type DeliveryWorker } from '../deliveries.ts'

export interface SubscriptionSetting {
  readonly eventTypes?: readonly string[]
  readonly payload?: 'thin' | 'full'
  readonly isEnabled?: boolean
}

export interface EventSetting {
  readonly type?: string
  readonly callId?: string | null
  readonly payload?: Record<string, string>
}

export interface DeliveryState {
  readonly status: string
  readonly attempts: number
  readonly last_status: number | null
  readonly last_error: string | null
  readonly lease_token: string | null
  readonly wait_s: number | null
}

export class Bench implements AsyncDisposable {
  readonly workspaceId = createId(new Date())
  readonly secrets = createSecrets(randomBytes(32))
  readonly outgoing = createOutgoingClient({ allowPrivateTargets: true })
  readonly published: Change[] = []
  /** Messages of warnings. */
  readonly warnings: string[] = []
  readonly database: Database
  readonly url: string
  readonly #drop: AsyncDisposable
  readonly #log: Log = {
    info: () => undefined,
    warn: (_, message) => void this.warnings.push(message),
    error: () => undefined,
  }
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #workers: DeliveryWorker[] = []

  constructor(url: string, drop: AsyncDisposable) {
    this.url = url
    this.#drop = drop
    this.database = openDatabase(url)
  }

  static async open(): Promise<Bench> {
    const fresh = await testDatabase()
    const client = new pg.Client(fresh.connection)
    await client.connect()
    await migrate(client)
    await client.end()
    const bench = new Bench(fresh.url, fresh)
    await bench.query('insert into workspaces (id, name, signing_secret) values ($1, $2, $3)', [
      bench.workspaceId,
      'Bench',
      Buffer.of(0),
    ])
    return bench
  }

  readonly changes: Changes = {
    publish: (change) => {
      this.published.push(change)
      for (const listener of this.#listeners) listener(change)
    },
    subscribe: (listener) => {
      this.#listeners.add(listener)
      return () => void this.#listeners.delete(listener)
    },
    close: () => Promise.resolve(),
  }

  start(more: Partial<DeliveriesOptions> = {}): DeliveryWorker {
    const worker = startDeliveries({
      database: this.database,
      outgoing: this.outgoing,
      secrets: this.secrets,
      clock: systemClock,
      log: this.#log,
      changes: this.changes,
      engine: { enqueue: async () => [] },
      findCall: () => Promise.resolve(null),
      random: () => 0.5,
      ...more,
    })
    this.#workers.push(worker)
    return worker
  }

  query<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.database.query<R>(sql, values)
  }

  async subscribe(
    url: string,
    { eventTypes = [], payload = 'thin', isEnabled = true }: SubscriptionSetting = {},
  ): Promise<{ id: string; secret: string }> {
    const id = createId(new Date())
    const secret = createSigningSecret()
    await this.query(
      `insert into subscriptions
         (workspace_id, id, url, event_types, description, payload, is_enabled, secret)
       values ($1, $2, $3, $4, '', $5, $6, $7)`,
      [
        this.workspaceId,
        id,
        url,
        eventTypes,
        payload,
        isEnabled,
        this.secrets.encrypt(secret, secretContext(this.workspaceId, id)),
      ],
    )
    return { id, secret }
  }

  /** Stores an event with its deliveries, as the door does, and answers its id. */
  async accept(setting: EventSetting = {}): Promise<string> {
    const { type = 'call.completed', callId = null, payload = {} } = setting
    const id = await this.database.transaction(async (client) => {
      const dedupeKey = createId(new Date())
      const event = { workspaceId: this.workspaceId, type, dedupeKey, callId, payload }
      const { event: stored } = await insertEvent(client, event, new Date())
      await enqueueDeliveries(client, stored)
      return stored.id
    })
    this.changes.publish({ topic: 'deliveries', workspaceId: this.workspaceId, id, callId })
    return id
  }

  /** Of one event, or of every one; the earliest first. */
  states(eventId: string | null = null): Promise<DeliveryState[]> {
    return this.query<DeliveryState & pg.QueryResultRow>(
      `select status, attempts, last_status, last_error, lease_token,
         extract(epoch from next_attempt_at - now())::double precision as wait_s
       from deliveries where workspace_id = $1 and ($2::text is null or event_id = $2)
       order by created_at, id`,
      [this.workspaceId, eventId],
    )
  }

  attempts(): Promise<{ attempt: number; status: number | null; error: string | null }[]> {
    return this.query(
      `select attempt, status, error from delivery_attempts where workspace_id = $1
       order by started_at, attempt`,
      [this.workspaceId],
    )
  }

  /** Makes what waits due now, as the passing of time would; leases too. */
  async passTime(): Promise<void> {
    await this.query(
      `update deliveries set next_attempt_at = now() where workspace_id = $1 and status = 'pending'`,
      [this.workspaceId],
    )
    this.changes.publish({ ...EVERYTHING, topic: 'deliveries' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.outgoing.close()
    await Promise.all(this.#workers.map((worker) => worker.close()))
    await this.database.close()
    await this.#drop[Symbol.asyncDispose]()
  }
}

export interface Stall extends HttpPort {
  /** Requests that wait for their answer. */
  readonly waiting: number
  /** Lets the real exchange begin for all that wait, and for all to come. */
  release(): void
}

/** A way out on which a worker hangs, as one that was stopped or killed does. */
export function stall(outgoing: HttpPort): Stall {
  let release: () => void = () => undefined
  let waiting = 0
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    release: () => release(),
    get waiting() {
      return waiting
    },
    async send(request) {
      waiting += 1
      await released
      waiting -= 1
      return outgoing.send(request)
    },
  }
}
