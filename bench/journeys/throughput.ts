// A journey of five steps that do nothing, against the same five steps on the engine alone, on the same
// PostgreSQL: how many a second when many are due, and how long one takes.
//
//   driver (this process) ─▶ bare (DBOS) │ bookend (a process each) ─▶ PostgreSQL (Bookend's)
//
// Peers take turns; a ratio is of one round.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../testing/child.ts'
import { familyMs, processorMs } from '../testing/process-figures.ts'
import { percentile, spreadOf } from '../testing/statistics.ts'
import { startServer, type Server } from './server.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '1000' },
    singles: { type: 'string', default: '30' },
    out: { type: 'string', default: at('../results/journeys-throughput.json') },
  },
})
const RUNS = Number(options.runs)
const SINGLES = Number(options.singles)

interface Figures {
  readonly perSecond: number
  readonly p50Ms: number
  /** Of processor time for a run: of the process, and of PostgreSQL. */
  readonly serverUs: number
  readonly postgresUs: number
}

let events = 0
async function post(server: Server): Promise<string> {
  events += 1
  const event_id = `five${events}`
  await server.client.call('createEvent', { body: { event_type: 'five.asked', event_id } })
  return event_id
}

async function countLeft(server: Server): Promise<number> {
  const { rows } = await server.database.query<{ left: number }>(
    `select count(*)::int as left from bookend.runs where workflow = 'five' and finished_at is null`,
  )
  return rows[0]?.left ?? 0
}

async function measureOurs(server: Server): Promise<Figures> {
  const latenciesMs: number[] = []
  for (let n = 0; n < SINGLES; n += 1) {
    const event = await post(server)
    while ((await countLeft(server)) > 0) await pause(10)
    const { rows } = await server.database.query<{ ms: number }>(
      `select extract(epoch from finished_at - queued_at)::float8 * 1000 as ms
       from bookend.runs where event_id = $1`,
      [event],
    )
    latenciesMs.push(rows[0]?.ms ?? Number.NaN)
  }
  // Held until all are there, so that taking them in is not part of it.
  const params = { name: 'five' }
  await server.client.call('pauseWorkflow', { params, body: {} })
  for (let n = 0; n < RUNS; n += 20) {
    await Promise.all(Array.from({ length: Math.min(20, RUNS - n) }, () => post(server)))
  }
  const [before, databaseBefore] = [processorMs(server.pid), familyMs(server.databasePid)]
  const startedAtMs = performance.now()
  await server.client.call('resumeWorkflow', { params })
  while ((await countLeft(server)) > 0) await pause(50)
  const elapsedMs = performance.now() - startedAtMs
  return {
    perSecond: (RUNS / elapsedMs) * 1_000,
    p50Ms: percentile(latenciesMs, 0.5),
    serverUs: ((processorMs(server.pid) - before) * 1_000) / RUNS,
    postgresUs: ((familyMs(server.databasePid) - databaseBefore) * 1_000) / RUNS,
  }
}

async function measureBare(
  kind: 'direct' | 'queued',
  bare: { readonly url: string; readonly pid: number },
  databasePid: number,
): Promise<Figures> {
  const ask = async (count: number): Promise<number> =>
    Number(await (await fetch(`${bare.url}/${kind}/${count}`)).text())
  const latenciesMs: number[] = []
  for (let n = 0; n < SINGLES; n += 1) latenciesMs.push(await ask(1))
  const [before, databaseBefore] = [processorMs(bare.pid), familyMs(databasePid)]
  const elapsedMs = await ask(RUNS)
  return {
    perSecond: (RUNS / elapsedMs) * 1_000,
    p50Ms: percentile(latenciesMs, 0.5),
    serverUs: ((processorMs(bare.pid) - before) * 1_000) / RUNS,
    postgresUs: ((familyMs(databasePid) - databaseBefore) * 1_000) / RUNS,
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
const loadBefore = loadavg()[0]
try {
  await using server = await startServer(folder)
  await using bare = await startChild({
    args: ['--import', 'tsx', at('peers/bare.ts')],
    env: { PGHOST_DIR: server.socketDir },
  })
  const rounds: Record<string, Figures>[] = []
  for (let round = 0; round <= Number(options.rounds); round += 1) {
    const figures = {
      direct: await measureBare('direct', bare, server.databasePid),
      queued: await measureBare('queued', bare, server.databasePid),
      bookend: await measureOurs(server),
    }
    process.stdout.write(`${JSON.stringify({ round, ...figures })}\n`)
    // The first round warms up.
    if (round > 0) rounds.push(figures)
  }
  const ratio = (peer: string, figure: keyof Figures) =>
    spreadOf(rounds.map((one) => (one['bookend']?.[figure] ?? 0) / (one[peer]?.[figure] ?? 1)))
  const ratios = Object.fromEntries(
    ['direct', 'queued'].map((peer) => [
      peer,
      { perSecond: ratio(peer, 'perSecond'), p50Ms: ratio(peer, 'p50Ms') },
    ]),
  )
  const load = { before: loadBefore, after: loadavg()[0] }
  const report = { runs: RUNS, singles: SINGLES, load, node: process.version, rounds, ratios }
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(ratios, null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
