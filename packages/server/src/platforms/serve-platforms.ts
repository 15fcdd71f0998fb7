import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { addPlatforms, type PlatformRouteParts } from '../http/platform-routes.ts'
import type { RunRecord } from '../precall/call-record.ts'
import type { PlatformReply } from './answer-platform.ts'
import { PlatformMemo } from './platform-memo.ts'
import { startPlatformWork, type PlatformWork } from './platform-work.ts'
import { startReconciling } from './reconcile.ts'
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
  const { agent } = context
  const parts = {
    clock,
    log,
    database,
    changes,
    engine,
    snapshot,
    outgoing,
    live,
    takeNumber: context.answerParts.takeNumber,
    recorded: (runId: string) => recorder.recorded(runId),
    onDue: (dueAt: Date) => work?.wake(dueAt),
    onEnded: (connectionId: string, from: string | null, to: string | null) =>
      memo.callEnded(connectionId, from, to),
  }
  if (isWorker) work = startPlatformWork(parts)
  const reconciling = isWorker ? startReconciling(parts) : null
  const takeDelivery = createTakeDelivery(parts)
  const relay = agent.serve(app.server, takeDelivery)
  addPlatforms(app, {
    live,
    doors,
    clock,
    log,
    answer: { ...context.answerParts, memo, keepRun, log, onTold: agent.prepare },
    takeDelivery,
    ...(onRequest === undefined ? {} : { onRequest }),
  })
  return {
    async close() {
      await Promise.all([relay.close(), work?.close(), reconciling?.close()])
    },
  }
}
