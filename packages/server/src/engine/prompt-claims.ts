// Claims what was queued a moment ago, where the engine by itself would look every few seconds.
//
//   queued here, or elsewhere; a second has passed ─▶ asked ─▶ one look at that queue ─▶ its runs begin
//
// C1. One look at a queue at a time; what is asked for meanwhile is one more look, not many.
// C2. Looks of one queue are apart, so that a storm of events costs a bounded number of them.
// C3. It is only a hurry: what it misses, the engine's own look finds.
// C4. A look takes a share and not all there is, and looks again after the pause: of a backlog, workers
//     that look side by side get about as much each, instead of whoever was first.
//
// The engine has no public way to be hurried: this uses its internal runner, of the pinned version. An
// unknown one is left alone (C3), and a test says so.

import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import type { Clock } from '@bookend/core'
import type { Log } from '../log.ts'

const GAP_MS = 20
export const SHARE = 50

/** What is used of the engine's runner. */
interface Runner {
  readonly states: ReadonlyMap<string, { readonly queue: object }>
  pollQueue(executor: unknown, queue: unknown): Promise<boolean>
}

export interface PromptClaims {
  /** Never throws, never waits. */
  look(queue: string): void
  /** Resolves when no look is under way any more. */
  close(): Promise<void>
}

export interface PromptClaimsOptions {
  readonly clock: Clock
  readonly log: Log
  /** Runs of a queue in hand at once. */
  readonly inHandMax: number
  /** True: there may be more. */
  readonly lookAt?: (queue: string) => Promise<boolean>
}

export function createPromptClaims(options: PromptClaimsOptions): PromptClaims {
  const { clock, log } = options
  const lookAt = options.lookAt ?? ((queue: string) => lookAtQueue(queue, options.inHandMax))
  const wanted = new Map<string, boolean>()
  const looking = new Map<string, Promise<void>>()
  let isClosed = false

  async function lookWhileWanted(queue: string): Promise<void> {
    while (wanted.get(queue) === true && !isClosed) {
      wanted.set(queue, false)
      try {
        if (await lookAt(queue)) wanted.set(queue, true)
      } catch (err) {
        log.warn({ err, queue }, 'queued runs could not be claimed at once')
      }
      await new Promise<void>((resolve) => void clock.setTimer(GAP_MS, resolve))
    }
    looking.delete(queue)
  }

  return {
    look(queue) {
      wanted.set(queue, true)
      if (!isClosed && !looking.has(queue)) looking.set(queue, lookWhileWanted(queue))
    },
    async close() {
      isClosed = true
      await Promise.all(looking.values())
    },
  }
}

/** Whether this version of the engine can be hurried. */
export const canLook = (): boolean => readRunner() !== null

async function lookAtQueue(name: string, inHandMax: number): Promise<boolean> {
  const runner = readRunner()
  const executor = DBOSExecutor.globalInstance
  const state = runner?.states.get(name)
  if (runner === null || executor === undefined || state === undefined) return false
  const { systemDatabase, executorID, logger } = executor
  const inHand = systemDatabase.countRunningWorkflowsForQueue(name)
  const share = Math.min(SHARE, inHandMax - inHand)
  if (share <= 0) return true
  let claimed = 0
  const counting = {
    systemDatabase,
    executorID,
    logger,
    dispatchDequeuedWorkflows(ids: string[], owner: string): Promise<void> {
      claimed += ids.length
      return executor.dispatchDequeuedWorkflows(ids, owner)
    },
  }
  await runner.pollQueue(counting, { ...state.queue, workerConcurrency: inHand + share })
  return claimed >= share
}

function readRunner(): Runner | null {
  const runner: unknown = wfQueueRunner
  return isRunner(runner) ? runner : null
}

const isRunner = (runner: unknown): runner is Runner =>
  typeof runner === 'object' &&
  runner !== null &&
  'states' in runner &&
  runner.states instanceof Map &&
  'pollQueue' in runner &&
  typeof runner.pollQueue === 'function'
