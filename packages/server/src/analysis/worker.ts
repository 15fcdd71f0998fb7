// Asks what is to be asked of finished calls.
//
//   a call's end · one finished · a second gone by ─▶ claim
//   claim ─▶ by call ─▶ measured at once · asked of the model ─▶ settle
//
// W1. Work that was claimed by a process that was killed comes back when its lease ends.
// W2. Workspaces take turns, and none has more than its share under way, over all processes.
// W3. Nothing that goes wrong here reaches a call: it is over, and its end has been told.

import type { Call } from '@bookend/contract'
import { setMaxListeners } from 'node:events'
import type { Changes } from '../changes/changes.ts'
import { announce } from '../events/accept-event.ts'
import type { Log } from '../log.ts'
import { isAway, type Database, type Queryable } from '../store/database.ts'
import {
  claimAnalyses,
  type HeldAnalysis,
  type SettledAnalysis,
} from '../store/postgres/analyses.ts'
import { answerAtOnce } from './answer-analysis.ts'
import { askModel, type ModelParts } from './ask-model.ts'
import { settleCall, type SettleParts } from './settle-call.ts'

export interface AnalysesOptions extends SettleParts, Pick<ModelParts, 'model' | 'random'> {
  readonly database: Database
  readonly changes: Pick<Changes, 'publish' | 'subscribe'>
  readonly log: Log
  readonly findCall: (
    client: Queryable,
    workspaceId: string,
    callId: string,
  ) => Promise<Call | null>
  /** Under way at once, in this process. */
  readonly concurrency?: number
  /** Of them and those of other processes, for one workspace. */
  readonly perWorkspace?: number
}

export interface AnalysisWorker {
  /** Looks for what is due now. */
  wake(): void
  /** Claims no more; what is under way gets 8 s, then is left to whoever goes on. */
  close(): Promise<void>
}

const POLL_MS = 1_000
const DRAIN_MS = 8_000
/** An answer that was paid for is not dropped because the database was away for a moment. */
const SETTLE_TRIES = 5
const SETTLE_FIRST_MS = 200

export function startAnalyses(options: AnalysesOptions): AnalysisWorker {
  const worker = new Worker(options)
  worker.start()
  return worker
}

class Worker implements AnalysisWorker {
  readonly #options: AnalysesOptions
  readonly #concurrency: number
  readonly #perWorkspace: number
  readonly #end = new AbortController()
  readonly #calls = new Set<Promise<void>>()
  #underWay = 0
  #cancelPoll: () => void = () => undefined
  #unsubscribe: () => void = () => undefined
  #claiming: Promise<void> | null = null
  #isWanted = false
  #isClosed = false

  constructor(options: AnalysesOptions) {
    this.#options = options
    this.#concurrency = options.concurrency ?? 32
    this.#perWorkspace = options.perWorkspace ?? 16
    // One for each question under way.
    setMaxListeners(0, this.#end.signal)
  }

  start(): void {
    this.#unsubscribe = this.#options.changes.subscribe(({ topic }) => {
      if (topic === 'analyses') this.wake()
    })
    this.#poll()
  }

  #poll(): void {
    this.wake()
    this.#cancelPoll = this.#options.clock.setTimer(POLL_MS, () => this.#poll())
  }

  wake(): void {
    this.#isWanted = true
    if (this.#isClosed || this.#claiming !== null) return
    this.#claiming = this.#claimWhileWanted().finally(() => {
      this.#claiming = null
      // Said between the last look and this moment.
      if (this.#isWanted) this.wake()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelPoll()
    this.#unsubscribe()
    const rest = async (): Promise<void> => {
      await this.#claiming
      await Promise.all(this.#calls)
    }
    const finished = rest()
    const cancel = this.#options.clock.setTimer(DRAIN_MS, () => this.#end.abort())
    await finished
    cancel()
  }

  async #claimWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false
      const limit = this.#concurrency - this.#underWay
      // A finished call wakes.
      if (limit <= 0) return
      try {
        const perWorkspace = this.#perWorkspace
        const held = await this.#options.database.transaction((client) =>
          claimAnalyses(client, { limit, perWorkspace }),
        )
        for (const ofCall of byCall(held)) this.#begin(ofCall)
      } catch (err) {
        this.#options.log.warn({ err }, 'analyses could not be claimed')
        return
      }
    }
  }

  #begin(held: readonly HeldAnalysis[]): void {
    this.#underWay += held.length
    const work = this.#workOn(held)
      .catch((err: unknown) => {
        const callId = held[0]?.callId
        this.#options.log.error({ err, callId }, 'a call could not be analyzed')
      })
      .finally(() => {
        this.#calls.delete(work)
        this.#underWay -= held.length
        this.wake()
      })
    this.#calls.add(work)
  }

  async #workOn(held: readonly HeldAnalysis[]): Promise<void> {
    const { database, findCall, clock } = this.#options
    const [first] = held
    if (first === undefined) return
    const call = await findCall(database.pool, first.workspaceId, first.callId)
    if (call === null) return
    const measured: SettledAnalysis[] = []
    const toAsk: HeldAnalysis[] = []
    for (const one of held) {
      const answer = answerAtOnce(one, call, clock)
      if (answer === null) toAsk.push(one)
      else measured.push(answer)
    }
    const { signal } = this.#end
    const asked = toAsk.map(async (one) => {
      const answer = await askModel(this.#options, one, call, signal)
      // Given up for the end of this process: whoever goes on asks again.
      if (answer !== null) await this.#settle([answer])
    })
    await Promise.all([this.#settle(measured), ...asked])
  }

  async #settle(settled: readonly SettledAnalysis[]): Promise<void> {
    const { changes, clock } = this.#options
    const [first] = settled
    if (first === undefined) return
    for (let tries = 1; ; tries += 1) {
      try {
        const { accepted } = await settleCall(this.#options, settled)
        const { workspaceId, callId } = first.held
        if (accepted === null) {
          changes.publish({ topic: 'calls', workspaceId, id: callId, callId })
        } else {
          announce(changes, accepted)
        }
        return
      } catch (error) {
        if (!isAway(error) || tries >= SETTLE_TRIES) throw error
        await new Promise<void>((resolve) => {
          clock.setTimer(SETTLE_FIRST_MS * 2 ** (tries - 1), resolve)
        })
      }
    }
  }
}

function byCall(held: readonly HeldAnalysis[]): readonly (readonly HeldAnalysis[])[] {
  const calls = new Map<string, HeldAnalysis[]>()
  for (const one of held) {
    const key = `${one.workspaceId} ${one.callId}`
    const siblings = calls.get(key)
    if (siblings === undefined) calls.set(key, [one])
    else siblings.push(one)
  }
  return [...calls.values()]
}
