import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { addPlatforms, type PlatformRouteParts } from '../http/platform-routes.ts'
import type { RunRecord } from '../precall/call-record.ts'
import type { PlatformReply } from './answer-platform.ts'
import { PlatformMemo } from './platform-memo.ts'
import { startPlatformWork, type PlatformWork, type PlatformWorkParts } from './platform-work.ts'
import { createTakeDelivery } from './take-delivery.ts'

export interface ServePlatformsOptions {
  readonly keepRun: (record: RunRecord) => void
  /** Whether this process does what nobody asks for. */
  readonly isWorker: boolean
  readonly onRequest?: PlatformRouteParts['onRequest']
}

/** Adds the two addresses of every connected platform, and looks after their calls. */
export function servePlatforms(
  app: FastifyInstance,
  context: Context,
  { keepRun, isWorker, onRequest }: ServePlatformsOptions,
): { close(): Promise<void> } {
  const { clock, log, database, changes, engine, snapshot, recorder, outgoing } = context
  const { live, doors } = context.platforms
  const memo = new PlatformMemo<PlatformReply>(clock)
  let work: PlatformWork | null = null
  const parts: PlatformWorkParts = {
    clock,
    log,
    database,
    changes,
    engine,
    snapshot,
    outgoing,
    live,
    takeNumber: context.answerParts.takeNumber,
    recorded: (runId) => recorder.recorded(runId),
    onDue: (dueAt) => work?.wake(dueAt),
    onEnded: (connectionId, from, to) => memo.callEnded(connectionId, from, to),
  }
  if (isWorker) work = startPlatformWork(parts)
  addPlatforms(app, {
    live,
    doors,
    clock,
    log,
    answer: { ...context.answerParts, memo, keepRun, log },
    takeDelivery: createTakeDelivery(parts),
    ...(onRequest === undefined ? {} : { onRequest }),
  })
  return {
    async close() {
      await work?.close()
    },
  }
}
