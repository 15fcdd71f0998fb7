// What Bookend takes in for good: `call.completed` with one subscriber, and transcript entries,
// against a handler that inserts one row, commits and answers, on the same PostgreSQL.
//
//   driver (this process) ─▶ insert-and-commit │ bookend (a process each) ─▶ PostgreSQL (Bookend's)
//                                                └─▶ sink (a process), for the deliveries
//
// Every 2xx is after a commit, on both sides. Peers take turns; a ratio is of one round.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../testing/child.ts'
import { Driver, type Load, type Question } from '../testing/load.ts'
import { familyMs, processorMs } from '../testing/process-figures.ts'
import { percentile } from '../testing/statistics.ts'
import { startServer, type Server } from './server.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    callers: { type: 'string', default: '64' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/events-ingest.json', import.meta.url)),
    },
    profile: { type: 'string', default: '' },
  },
})
const CALLERS = Number(options.callers)
const FOR_MS = Number(options.seconds) * 1_000

interface Peer {
  readonly name: string
  readonly pid: number
  readonly driver: Driver
  readonly databasePid: number
  /** Resolves when all that the requests caused is done. */
  readonly settled: () => Promise<void>
}

interface Row {
  readonly scenario: string
  readonly peer: string
  readonly round: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of processor time, the deliveries that follow included: of the server, and of PostgreSQL. */
  readonly serverUsPerRequest: number
  readonly postgresUsPerRequest: number
  readonly wrong: number
  readonly load: number
}

const isAccepted = (answer: string): boolean => answer.includes('"event_id":"')
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

async function measure(
  scenario: string,
  { name, pid, driver, databasePid, settled }: Peer,
  question: Question,
  round: number,
): Promise<Row> {
  const [before, databaseBefore] = [processorMs(pid), familyMs(databasePid)]
  const load: Load = await driver.closedLoop(question, CALLERS, { forMs: FOR_MS })
  const { latenciesMs, elapsedMs, wrong } = load
  await settled()
  const usPerRequest = (ms: number): number => Math.round((ms * 1_000) / latenciesMs.length)
  const row = {
    scenario,
    peer: name,
    round,
    perSecond: (latenciesMs.length / elapsedMs) * 1_000,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    serverUsPerRequest: usPerRequest(processorMs(pid) - before),
    postgresUsPerRequest: usPerRequest(familyMs(databasePid) - databaseBefore),
    wrong,
    load: loadavg()[0] ?? 0,
  }
  process.stdout.write(`${JSON.stringify(row)}\n`)
  return row
}

async function untilDelivered(server: Server): Promise<void> {
  while ((await server.waitingDeliveries()) > 0) await pause(250)
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
  const loadBefore = loadavg()
  try {
    const typescript = ['--import', 'tsx']
    await using sink = await startChild({ args: [...typescript, at('peers/sink.ts')] })
    const nodeArgs =
      options.profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]
    await using server = await startServer(folder, sink.url, nodeArgs)
    await using bare = await startChild({
      args: [...typescript, at('peers/insert-and-commit.ts')],
      env: { PGHOST_DIR: server.socketDir },
    })
    await using bareDriver = new Driver(bare.url)
    await using driver = new Driver(server.url)
    const { databasePid } = server
    const settled = (): Promise<void> => untilDelivered(server)
    const ours = { name: 'bookend', pid: server.pid, driver, databasePid, settled }
    const done = (): Promise<void> => Promise.resolve()
    const theirs = {
      name: 'insert-and-commit',
      pid: bare.pid,
      driver: bareDriver,
      databasePid,
      settled: done,
    }
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.key}` }

    const insert: Question = {
      path: '/',
      headers,
      body: (call) => JSON.stringify({ event_type: 'call.completed', call }),
      isRight: isAccepted,
    }
    let calls: readonly string[] = []
    let next = 0
    const complete: Question = {
      path: () => `/api/v1/calls/${calls[next++ % calls.length]}/complete`,
      headers,
      body: () => '{"ended_reason":"hung_up","summary":"The caller asked for an appointment."}',
      isRight: (answer) => isAccepted(answer) && answer.includes('"duplicate":false'),
    }
    const say: Question = {
      path: (call) => `/api/v1/calls/${calls[call % calls.length]}/transcript`,
      headers,
      body: (call) =>
        JSON.stringify({
          entries: [
            {
              sequence: call % 2_000_000,
              role: 'user',
              text: `I need an appointment, ${call}.`,
              final: true,
            },
          ],
        }),
      isRight: isAccepted,
    }
    const scenarios = [
      { name: 'call.completed', question: complete, calls: 40_000 },
      { name: 'one transcript entry a request', question: say, calls: 500 },
    ]
    const rows: Row[] = []
    for (let round = 0; round <= Number(options.rounds); round += 1) {
      for (const scenario of scenarios) {
        calls = await server.openCalls(scenario.calls)
        next = 0
        for (const [peer, question] of [
          [theirs, insert],
          [ours, scenario.question],
        ] as const) {
          const row = await measure(scenario.name, peer, question, round)
          // The first round warms up.
          if (round > 0) rows.push(row)
        }
        await untilDelivered(server)
      }
    }
    const machine = {
      takenAt: new Date().toISOString(),
      processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      node: process.versions.node,
      loadBefore,
      loadAfter: loadavg(),
    }
    await mkdir(dirname(options.out), { recursive: true })
    await writeFile(options.out, `${JSON.stringify({ machine, rows }, null, 2)}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
