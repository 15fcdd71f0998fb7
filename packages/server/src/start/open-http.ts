// Every door of the server on one application, none of them listening yet.

import type { FastifyInstance } from 'fastify'
import type { ConnectionRuntime } from '../connections/runtime.ts'
import type { Context } from '../context.ts'
import { createApp } from '../http/app.ts'
import { createAudited } from '../http/audited.ts'
import { addDashboard } from '../http/dashboard.ts'
import { addHandoffPage } from '../http/handoff-page.ts'
import { addHosted } from '../http/hosted.ts'
import { createIdempotency } from '../http/idempotency.ts'
import { addLive } from '../http/live-route.ts'
import { addOperations } from '../http/operations.ts'
import { addReceipts } from '../http/receipt-routes.ts'
import { createHandlers } from '../http/routes/index.ts'
import { addSay } from '../http/say-route.ts'
import { addStream } from '../http/stream-route.ts'
import { servePlatforms } from '../platforms/serve-platforms.ts'
import type { RunRecord } from '../precall/call-record.ts'
import type { createMetrics } from '../telemetry/metrics.ts'
import { version } from '../version.ts'
import { createReadiness } from './readiness.ts'

export interface HttpOptions {
  readonly workspaceId: string
  readonly connections: ConnectionRuntime
  readonly metrics: ReturnType<typeof createMetrics>
  /** Null: no dashboard is served. */
  readonly dashboardDir: string | null
  readonly isWorker: boolean
  readonly isDraining: () => boolean
}

export function openHttp(context: Context, options: HttpOptions) {
  const { database, secrets, clock, log, config, changes, recorder, engine, agent } = context
  const { workspaceId, connections, metrics, dashboardDir, isWorker, isDraining } = options
  const app: FastifyInstance = createApp({
    handlers: createHandlers(context),
    authenticator: context.authenticator,
    idempotency: createIdempotency(database, secrets, clock),
    audited: createAudited(database, clock),
    clock,
    log,
    onAnswer: metrics.request,
  })
  const readiness = createReadiness({ database, engine, clock, isDraining })
  addOperations(app, { version, readiness, metrics, metricsToken: config.metricsToken })
  addHandoffPage(app, context)
  addReceipts(app, { ...context, connections, workspaceId })
  const keepRun = (record: RunRecord): void => {
    metrics.preCall(record.run)
    recorder.keep(record)
  }
  addHosted(app, { ...context.answerParts, memo: context.repeats, keep: keepRun })
  const voicePlatforms = servePlatforms(app, context, {
    isWorker,
    onRequest: metrics.platform,
    keepRun,
  })
  const streams = addStream(app, { authenticator: context.authenticator, changes, clock })
  const live = addLive(app, context)
  addSay(app, { ...context, talk: agent.talk })
  return { app, voicePlatforms, streams, live, hasDashboard: addDashboard(app, dashboardDir) }
}
