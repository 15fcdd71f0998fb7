// From an environment to a running server, in one visible line:
//
//   env ─▶ config ─▶ secret key ─▶ database ─▶ schema ─▶ workspace, key ─▶ workflows, connections
//       ─▶ engine ─▶ recorder ─▶ HTTP ─▶ deliveries ─▶ ready
//
// B1. One line per fact on standard output, `ready <url>` when the start is over.
// B2. Whatever was opened is closed again in the opposite order, also when the start fails half way.
// B3. Stopping takes no new work, finishes the calls under way, and is over within ten seconds (F34).

import { join } from 'node:path'
import { parseConfig, type Config } from './config/config.ts'
import { createLog, type Log } from './log.ts'
import { createChatModel } from './analysis/chat-model.ts'
import { openAgent } from './agent/open-agent.ts'
import { createDialler } from './outbound/create-dialler.ts'
import { loadConfig } from './connections/load-config.ts'
import { Circuits } from './connections/circuits.ts'
import { openRateLimits, renderLimits } from './connections/limits/open-rate-limits.ts'
import { openConnections } from './connections/runtime.ts'
import { circuitKey } from './connections/call-action.ts'
import { ConnectionHealth } from './connections/stored/health.ts'
import { openStoredConnections } from './connections/stored/stored-connections.ts'
import { openChanges } from './changes/changes.ts'
import type { Context } from './context.ts'
import { createEngine } from './engine/create-engine.ts'
import { createHandoffLinks } from './handoffs/links.ts'
import { openPauses } from './pauses/pauses.ts'
import { openPlatforms } from './platforms/live-platforms.ts'
import { PlatformDoors } from './platforms/platform-doors.ts'
import { createAuthenticator } from './http/authenticate.ts'
import { withAudit } from './http/audited.ts'
import { KeyUse } from './http/key-use.ts'
import { Opened } from './opened.ts'
import { createOutgoingClient } from './outgoing/client.ts'
import { ownAddresses } from './outgoing/own-addresses.ts'
import { watchLateness } from './precall/budget.ts'
import { CallGate } from './precall/call-gate.ts'
import { CallNumbers } from './precall/call-numbers.ts'
import { Prefetches } from './precall/prefetch.ts'
import { AfterAnswers } from './precall/after-answers.ts'
import { Recorder } from './precall/recorder.ts'
import { RepeatMemo } from './precall/repeat-memo.ts'
import type { Made } from './precall/serve-workflow.ts'
import { Spool } from './precall/spool.ts'
import { createSecrets } from './secrets/secrets.ts'
import { Snapshot } from './snapshot.ts'
import { closeApp, listen } from './start/listen.ts'
import { openHttp } from './start/open-http.ts'
import { openStorage } from './start/open-storage.ts'
import { prepareWorkspace } from './start/prepare-workspace.ts'
import { startWorkers } from './start/start-workers.ts'
import { findCall } from './store/postgres/calls.ts'
import { openDatabase } from './store/database.ts'
import { systemClock as clock } from './system-clock.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { version } from './version.ts'
import { followPublished } from './workflows/follow-published.ts'
import { hotReload } from './workflows/hot-reload.ts'
import { loadWorkflows } from './workflows/load.ts'
import { Publisher } from './workflows/publisher.ts'
import type { LoadedWorkflow } from './workflows/registry.ts'
import { sweepModules } from './workflows/sweep-modules.ts'

/** Of those that answer requests. With what works beside them, three workers and an API fit in 100. */
const CONNECTIONS = { api: 16, worker: 6 }
const WORKER_CONNECTIONS = 6

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv
  readonly print: (line: string) => void
  /** Gives up starting; a running server is ended by `close`. */
  readonly signal?: AbortSignal
  /** The built dashboard; null: none is served. */
  readonly dashboardDir?: string | null
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string
  readonly databaseUrl: string
  readonly dataDir: string
  /** The first admin key, if it was made by this start. */
  readonly firstKey: string | null
  close(): Promise<void>
}

/**
 * Starts a server and resolves when it is ready.
 *
 * @throws {BookendError} It cannot start here; the message is for the person who started it.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const config = parseConfig(options.env)
  const log = createLog(config.logLevel)
  const opened = new Opened()
  try {
    return await open(options, config, log, opened)
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

async function open(
  { env, print, signal, dashboardDir = null }: StartOptions,
  config: Config,
  log: Log,
  opened: Opened,
): Promise<RunningServer> {
  const { dataDir, workflowsDir, roles } = config
  print(`bookend ${version}, node ${process.versions.node}`)
  const storage = opened.use(await openStorage({ config, log, print, signal }))
  const { databaseUrl, makeSecretKey } = storage
  const secrets = createSecrets(storage.secretKey, storage.previousSecretKeys)
  const database = withAudit(
    openDatabase(databaseUrl, { connections: CONNECTIONS[roles.has('api') ? 'api' : 'worker'] }),
  )
  opened.defer(() => database.close())
  const { workspace, firstKey } = await prepareWorkspace({
    config,
    database,
    secrets,
    clock,
    print,
  })

  const changes = await openChanges({ databaseUrl, log, clock })
  opened.defer(() => changes.close())
  const snapshot = new Snapshot(database, secrets, log)
  await snapshot.reload('*')
  changes.subscribe(({ topic, workspaceId }) => {
    if (topic !== 'config') return
    snapshot.reload(workspaceId).catch((err: unknown) => log.warn({ err }, 'reload failed'))
  })

  const pauses = await openPauses({ database, changes, log })
  opened.defer(() => pauses.close())
  const configured = await loadConfig({ folder: workflowsDir, dataDir, env, databaseUrl })
  const { allowPrivateTargets } = config
  const own = config.port === 0 ? [] : ownAddresses(config.host, config.port)
  const outgoing = createOutgoingClient({
    allowPrivateTargets,
    ownAddresses: own,
    maxPerSecondPerHost: config.maxRequestsPerHost,
  })
  opened.defer(() => outgoing.close())
  const circuits = {
    connection: new Circuits({ clock, log, kind: 'connection' }),
    endpoint: new Circuits({ clock, log, kind: 'endpoint' }),
  }
  const health = new ConnectionHealth({
    database,
    changes,
    workspaceId: workspace.id,
    clock,
    log,
    engine: () => engine,
    find: (name) => connections.find(name),
  })
  const limits = await openRateLimits({ database, workspaceId: workspace.id, clock, log })
  opened.defer(() => limits.close())
  const connections = openConnections({
    configured: configured.connections,
    onEnd: (connection, fault) => health.note(connection, fault),
    outgoing,
    clock,
    log,
    circuits: circuits.connection,
    pauses,
    limits,
  })
  opened.defer(() => connections.close())
  opened.defer(() => health.close())
  const stored = await openStoredConnections({
    database,
    secrets,
    changes,
    log,
    workspaceId: workspace.id,
    runtime: connections,
    fileNames: new Set(configured.connections.map(({ name }) => name)),
  })
  const knownConnections = {
    names: () => connections.list().map(({ name }) => name),
    check: (workflow: LoadedWorkflow['definition']) => connections.check(workflow),
  }
  const { calendars, dialRule } = configured
  const calls = { calendars, dialRule }
  const registry = await loadWorkflows({
    folder: workflowsDir,
    dataDir,
    database,
    workspaceId: workspace.id,
    calendars,
    connections: knownConnections,
    log,
  })
  opened.defer(() => registry.close())
  const active = registry.list()
  void sweepModules({ dataDir, database, workspaceId: workspace.id, active }).catch(
    (err: unknown) => log.warn({ err }, 'old modules of workflows could not be deleted'),
  )
  if (config.watch) {
    const watching = hotReload({
      folder: workflowsDir,
      workspaceId: workspace.id,
      registry,
      changes,
      clock,
      log,
      print,
    })
    opened.defer(() => watching.close())
  }
  const following = followPublished({ registry, changes, clock, log })
  opened.defer(() => following.close())
  print(
    `workflows ${
      registry
        .list()
        .map(({ name }) => name)
        .join(', ') || 'none'
    } (${workflowsDir})`,
  )

  const reads = { query: database.pool.query.bind(database.pool) }
  const isWorker = roles.has('worker')
  const gate = new CallGate(config.maxCallsInFlight)
  const lateness = watchLateness(clock)
  opened.defer(() => lateness.close())
  const { cache } = connections
  const metrics = createMetrics(() => recorder.waiting, { gate, circuits, cache })
  // Where it listens is known last; no handoff is opened before.
  let publicUrl = config.publicUrl ?? ''
  const links = createHandoffLinks(secrets, () => publicUrl)
  const engine = await createEngine({
    database,
    databaseUrl,
    registry,
    connections,
    findCall,
    clock,
    changes,
    pauses,
    links,
    calls,
    log,
    runs: isWorker,
    onSuppressed: metrics.suppressed,
  })
  opened.defer(() => engine.close())

  const spool = new Spool(join(dataDir, 'spool'), (err) => log.error({ err }, 'the spool failed'))
  const rejectedPath = join(dataDir, 'spool', 'rejected.ndjson')
  const recorder = new Recorder({ spool, database, engine, changes, clock, log, rejectedPath })
  opened.defer(() => recorder.close())
  const afterAnswers = new AfterAnswers({ recorder, database, changes, clock, log })
  opened.defer(() => afterAnswers.close())
  const numbers = new CallNumbers(database)
  await numbers.fill()

  const circuitOf = (name: string) => {
    const connection = connections.find(name)
    return connection === undefined
      ? 'closed'
      : circuits.connection.get(circuitKey(connection), name).state
  }
  const limitsOf = (name: string) => {
    const connection = connections.find(name)
    return connection === undefined ? [] : renderLimits(limits, circuitKey(connection))
  }
  const keyUse = new KeyUse(database, clock)
  opened.defer(() => keyUse.close())
  const livePlatforms = await openPlatforms({ database, secrets, changes, log })
  const doors = new PlatformDoors({ database, clock, log })
  opened.defer(() => doors.close())
  const repeats = new RepeatMemo<Made>(clock)
  const parts: Omit<Context, 'agent'> = {
    repeats,
    prefetches: new Prefetches({ registry, connections, clock, gate, snapshot, log }),
    config,
    clock,
    log,
    database,
    reads,
    secrets,
    keyring: secrets,
    makeSecretKey,
    connections: { runtime: connections, live: stored, health, circuitOf, limitsOf },
    snapshot,
    changes,
    registry,
    publisher: new Publisher({ database, workspaceId: workspace.id, registry, changes }),
    drafts: { connections: knownConnections, calendars },
    engine,
    pauses,
    links,
    outgoing,
    platforms: { live: livePlatforms, doors, publicUrl: () => publicUrl },
    recorder,
    authenticator: createAuthenticator(snapshot, database, (key) => keyUse.note(key)),
    answerParts: {
      snapshot,
      clock,
      registry,
      connections,
      http: outgoing,
      gate,
      endpoints: circuits.endpoint,
      lateMs: lateness.lateMs,
      takeNumber: () => numbers.take(),
      onUndeclared: metrics.undeclared,
      afterAnswers,
      keep(record) {
        if (record.call.pre_call !== null) metrics.preCall(record.call.pre_call)
        recorder.keep(record)
      },
    },
  }

  const agent = openAgent(parts, { ownAddresses: own, dialRule })
  opened.defer(() => agent.close())
  const context: Context = { ...parts, agent }

  const state = { isDraining: false }
  const isDraining = (): boolean => state.isDraining
  const { app, streams, live, voicePlatforms, hasDashboard } = openHttp(context, {
    workspaceId: workspace.id,
    connections,
    metrics,
    dashboardDir,
    isWorker,
    isDraining,
  })
  signal?.throwIfAborted()
  const url = await listen(app, config)
  // Connections of their own, so that neither a rush of reports nor a backlog holds up the other.
  const workerDatabase = openDatabase(databaseUrl, { connections: WORKER_CONNECTIONS })
  opened.defer(() => workerDatabase.close())
  const model = config.model === null ? null : createChatModel(config.model, { outgoing, clock })
  const dialler = createDialler(agent.placing)
  const workerParts = {
    ...context,
    database: workerDatabase,
    findCall,
    config,
    calls,
    model,
    dialler,
  }
  const workers = isWorker ? startWorkers(workerParts) : []
  // Everything that works ends side by side: one after the other would take too long (B3).
  opened.defer(async () => {
    streams.close()
    live.close()
    const working = [voicePlatforms, ...workers].map((worker) => worker.close())
    await Promise.all([closeApp(app), engine.drain(), ...working])
  })

  publicUrl ||= url
  if (hasDashboard) print(`dashboard ${url}/`)
  print(`ready ${url}`)
  const close = async (): Promise<void> => {
    state.isDraining = true
    await opened[Symbol.asyncDispose]()
  }
  return { url, databaseUrl, dataDir, firstKey, close, [Symbol.asyncDispose]: close }
}
