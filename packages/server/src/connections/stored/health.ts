// How connections are doing: counted in memory, told to the database every two seconds.
//
//   end of an exchange ─▶ counters ─▶ one transaction: sums, marks, `connection.failed` ─▶ told
//
// H1. No call waits for this, and none fails with it; what cannot be told yet is told later.
// H2. A credential that the system refuses marks its connection, and the owner hears of it once,
//     whichever process saw it; a success after it takes the mark away.
// H3. What ended under a credential that was replaced since marks nobody.

import type { Clock, ConnectorFault } from '@bookend/core'
import { createId } from '@bookend/core'
import type pg from 'pg'
import type { Changes } from '../../changes/changes.ts'
import type { Engine } from '../../engine/engine.ts'
import { acceptEvent, announce, type Accepted } from '../../events/accept-event.ts'
import type { Log } from '../../log.ts'
import type { Database } from '../../store/database.ts'
import {
  addUses,
  clearAttention,
  markAttention,
  type SeenUse,
} from '../../store/postgres/connection-health.ts'
import type { ConfiguredConnection } from '../configured.ts'

export interface HealthOptions {
  readonly database: Database
  readonly engine: () => Pick<Engine, 'enqueue'>
  readonly changes: Pick<Changes, 'publish'>
  readonly workspaceId: string
  readonly find: (name: string) => ConfiguredConnection | undefined
  readonly clock: Clock
  readonly log: Log
}

const TELL_EVERY_MS = 2_000

interface Counter {
  connection: ConfiguredConnection
  calls: number
  failures: number
  usedAt: Date
  successAt: Date | null
  failureAt: Date | null
  failureCode: string | null
  /** What the last answer said of the credential; null: nothing. */
  credential: { readonly isGood: boolean; readonly code: string } | null
}

/** These say of the request that it was wrong, not of the connection that it fails. */
const ANSWERED: ReadonlySet<string> = new Set(['missing', 'conflict'])

export class ConnectionHealth {
  readonly #options: HealthOptions
  #counters = new Map<string, Counter>()
  #cancel: (() => void) | null = null
  #telling: Promise<void> = Promise.resolve()

  constructor(options: HealthOptions) {
    this.#options = options
  }

  note(connection: ConfiguredConnection, fault: ConnectorFault | null): void {
    const { clock } = this.#options
    const now = clock.now()
    const counter = this.#counterOf(connection, now)
    counter.connection = connection
    counter.calls += 1
    counter.usedAt = now
    const verdict = fault?.verdict
    if (verdict === undefined || ANSWERED.has(verdict.kind)) {
      counter.successAt = now
      counter.credential = { isGood: true, code: 'ok' }
    } else {
      counter.failures += 1
      counter.failureAt = now
      counter.failureCode = verdict.detail.slice(0, 200)
      if (verdict.kind === 'auth') counter.credential = { isGood: false, code: verdict.detail }
    }
    this.#cancel ??= clock.setTimer(TELL_EVERY_MS, () => void this.flush())
  }

  /** Resolves when all that was noted before is told, or could not be. */
  flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    this.#telling = this.#telling.then(() => this.#tell())
    return this.#telling
  }

  close(): Promise<void> {
    return this.flush()
  }

  #counterOf(connection: ConfiguredConnection, now: Date): Counter {
    const known = this.#counters.get(connection.name)
    if (known !== undefined) return known
    const fresh: Counter = {
      connection,
      calls: 0,
      failures: 0,
      usedAt: now,
      successAt: null,
      failureAt: null,
      failureCode: null,
      credential: null,
    }
    this.#counters.set(connection.name, fresh)
    return fresh
  }

  async #tell(): Promise<void> {
    const counters = this.#counters
    if (counters.size === 0) return
    this.#counters = new Map()
    const { database, changes, workspaceId, log } = this.#options
    try {
      const told = await database.transaction((client) => this.#store(client, counters))
      for (const accepted of told.events) announce(changes, accepted)
      if (told.isNews) {
        changes.publish({ topic: 'config', workspaceId, id: workspaceId, callId: null })
      }
    } catch (err) {
      log.warn({ err }, 'how connections are doing could not be told')
      this.#putBack(counters)
    }
  }

  async #store(
    client: pg.PoolClient,
    counters: ReadonlyMap<string, Counter>,
  ): Promise<{ events: Accepted[]; isNews: boolean }> {
    const { workspaceId, find } = this.#options
    // A name that is gone would come back without its connection.
    const seen = [...counters.values()].filter(({ connection }) => find(connection.name))
    if (seen.length === 0) return { events: [], isNews: false }
    await addUses(client, workspaceId, seen.map(renderUse))
    const current = seen.filter(({ connection }) => isCurrent(find, connection))
    const good = current.filter(({ credential }) => credential?.isGood === true)
    const isCleared = await clearAttention(
      client,
      workspaceId,
      good.map(({ connection }) => connection.name),
    )
    const events: Accepted[] = []
    for (const { connection, credential } of current) {
      if (credential === null || credential.isGood) continue
      const { name } = connection
      const { code } = credential
      if (!(await markAttention(client, workspaceId, { name, code }))) continue
      events.push(await this.#storeEvent(client, name, code))
    }
    return { events, isNews: isCleared || events.length > 0 }
  }

  #storeEvent(client: pg.PoolClient, name: string, code: string): Promise<Accepted> {
    const { engine, workspaceId, clock, log } = this.#options
    const now = clock.now()
    log.warn({ connection: name, code }, 'a system refuses the credential of a connection')
    const event = {
      workspaceId,
      type: 'connection.failed',
      dedupeKey: `connection.failed:${createId(now)}`,
      callId: null,
      payload: { connection: name, code },
    }
    return acceptEvent(client, engine(), event, null, now)
  }

  #putBack(counters: ReadonlyMap<string, Counter>): void {
    for (const [name, old] of counters) {
      const fresh = this.#counters.get(name)
      if (fresh === undefined) {
        this.#counters.set(name, old)
        continue
      }
      fresh.calls += old.calls
      fresh.failures += old.failures
      fresh.successAt ??= old.successAt
      fresh.failureCode = fresh.failureAt === null ? old.failureCode : fresh.failureCode
      fresh.failureAt ??= old.failureAt
      fresh.credential ??= old.credential
    }
    this.#cancel ??= this.#options.clock.setTimer(TELL_EVERY_MS, () => void this.flush())
  }
}

const isCurrent = (find: HealthOptions['find'], { name, revision }: ConfiguredConnection) =>
  find(name)?.revision === revision

const renderUse = ({ connection, ...counter }: Counter): SeenUse => ({
  name: connection.name,
  usedAt: counter.usedAt,
  successAt: counter.successAt,
  failureAt: counter.failureAt,
  failureCode: counter.failureCode,
  calls: counter.calls,
  failures: counter.failures,
})
