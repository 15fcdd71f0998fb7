// How soon a subscriber hears that a call has ended, at a fixed pace: Bookend against a handler that
// inserts one row, commits, answers and posts, on the same PostgreSQL and with a sink of its own.
//
//   driver (this process) ─▶ insert-commit-post │ bookend (a process each) ─▶ PostgreSQL (Bookend's)
//                                                 └─▶ sink (a process each)
//
// Peers take turns, in an order that changes with each round; a ratio is of one round.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createId } from '@bookend/core'
import { startChild } from '../testing/child.ts'
import { Driver } from '../testing/load.ts'
import { familyMs, processorMs } from '../testing/process-figures.ts'
import { firstDeliveries, type FirstDeliveries } from './first-deliveries.ts'
import { startServer } from './server.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '300' },
    out: { type: 'string', default: at('../results/events-delivery.json') },
  },
})
const RATE = Number(options.rate)
const EVENTS = Math.round(RATE * Number(options.seconds))

interface Peer {
  readonly name: string
  readonly pid: number
  readonly driver: Driver
  readonly sinkUrl: string
  /** The ids of calls whose end is still to be reported. */
  readonly openCalls: (count: number) => Promise<readonly string[]>
  /** Resolves when all that the reports caused is done. */
  readonly settled: () => Promise<void>
}

interface Row extends FirstDeliveries {
  readonly peer: string
  readonly round: number
  /** Of processor time, to the first attempt and what is recorded of it: of the server, and of PostgreSQL. */
  readonly serverUsPerEvent: number
  readonly postgresUsPerEvent: number
  readonly load: number
}

interface Turn {
  readonly round: number
  readonly key: string
  readonly databasePid: number
}

async function measure(peer: Peer, { round, key, databasePid }: Turn): Promise<Row> {
  const { name, pid, driver, sinkUrl, openCalls, settled } = peer
  const calls = await openCalls(EVENTS)
  const [before, databaseBefore] = [processorMs(pid), familyMs(databasePid)]
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const figures = await firstDeliveries({ driver, sinkUrl, perSecond: RATE, headers, calls })
  await settled()
  const usPerEvent = (ms: number): number => Math.round((ms * 1_000) / EVENTS)
  const row = {
    peer: name,
    round,
    ...figures,
    serverUsPerEvent: usPerEvent(processorMs(pid) - before),
    postgresUsPerEvent: usPerEvent(familyMs(databasePid) - databaseBefore),
    load: loadavg()[0] ?? 0,
  }
  process.stdout.write(`${JSON.stringify(row)}\n`)
  return row
}

/** Bookend's figure over the peer's of the same round; the first round warms up. */
function ratiosOf(rows: readonly Row[], figure: 'afterReportP99Ms' | 'afterAnswerP99Ms'): number[] {
  const [ours, theirs] = ['bookend', 'insert-commit-post'].map((name) =>
    rows.filter(({ peer }) => peer === name).toSorted((a, b) => a.round - b.round),
  )
  return (ours ?? []).map((row, index) => row[figure] / (theirs?.[index]?.[figure] ?? Number.NaN))
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
  const loadBefore = loadavg()
  try {
    const typescript = ['--import', 'tsx']
    await using sink = await startChild({ args: [...typescript, at('peers/sink.ts')] })
    await using bareSink = await startChild({ args: [...typescript, at('peers/sink.ts')] })
    await using server = await startServer(folder, sink.url, [])
    await using bare = await startChild({
      args: [...typescript, at('peers/insert-commit-post.ts')],
      env: { PGHOST_DIR: server.socketDir, SINK_URL: bareSink.url },
    })
    await using bareDriver = new Driver(bare.url)
    await using driver = new Driver(server.url)
    const peers: readonly Peer[] = [
      {
        name: 'insert-commit-post',
        pid: bare.pid,
        driver: bareDriver,
        sinkUrl: bareSink.url,
        openCalls: async (count) => Array.from({ length: count }, () => createId(new Date())),
        settled: () => Promise.resolve(),
      },
      {
        name: 'bookend',
        pid: server.pid,
        driver,
        sinkUrl: sink.url,
        openCalls: (count) => server.openCalls(count),
        async settled() {
          while ((await server.waitingDeliveries()) > 0) await pause(250)
        },
      },
    ]
    const rows: Row[] = []
    for (let round = 0; round <= Number(options.rounds); round += 1) {
      const inTurn = round % 2 === 0 ? peers : peers.toReversed()
      for (const peer of inTurn) {
        const turn = { round, key: server.key, databasePid: server.databasePid }
        const row = await measure(peer, turn)
        if (round > 0) rows.push(row)
      }
    }
    const ratios = {
      afterReportP99: ratiosOf(rows, 'afterReportP99Ms'),
      afterAnswerP99: ratiosOf(rows, 'afterAnswerP99Ms'),
    }
    process.stdout.write(`${JSON.stringify(ratios)}\n`)
    const machine = {
      takenAt: new Date().toISOString(),
      processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      node: process.versions.node,
      loadBefore,
      loadAfter: loadavg(),
    }
    await mkdir(dirname(options.out), { recursive: true })
    const report = { machine, perSecond: RATE, rows, ratios }
    await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
