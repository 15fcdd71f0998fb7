// What a second and a third worker share with the first: the same journeys by one worker, and by three on
// the same PostgreSQL.
//
//   driver (this process) ─▶ api (takes events in) ─▶ PostgreSQL ◀─ one worker │ three workers
//
// Two processors cannot show that three workers do three times as much. They can show what a journey
// costs: processor time that grows with the number of workers is time they spend on each other.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { familyMs, processorMs } from '../testing/process-figures.ts'
import { spreadOf } from '../testing/statistics.ts'
import type { Child } from '../testing/child.ts'
import { startServer, startWorker, type Server } from './server.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    /** For each worker. */
    runs: { type: 'string', default: '2000' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/journeys-workers.json', import.meta.url)),
    },
  },
})
const RUNS = Number(options.runs)

interface Figures {
  readonly perSecond: number
  /** Of processor time for a run: of all workers, and of PostgreSQL. */
  readonly workersUs: number
  readonly postgresUs: number
  /** The least and the most that one worker took of the processor time of all, from 0 to 1. */
  readonly shares: readonly number[]
}

let events = 0
async function takeIn(server: Server, runs: number): Promise<void> {
  const params = { name: 'five' }
  await server.client.call('pauseWorkflow', { params, body: {} })
  for (let n = 0; n < runs; n += 20) {
    await Promise.all(
      Array.from({ length: Math.min(20, runs - n) }, async () => {
        events += 1
        const body = { event_type: 'five.asked', event_id: `five${events}` }
        await server.client.call('createEvent', { body })
      }),
    )
  }
}

async function countLeft(server: Server): Promise<number> {
  const { rows } = await server.database.query<{ left: number }>(
    `select count(*)::int as left from bookend.runs where workflow = 'five' and finished_at is null`,
  )
  return rows[0]?.left ?? 0
}

async function measure(server: Server, count: number): Promise<Figures> {
  const workers: Child[] = []
  try {
    for (let n = 0; n < count; n += 1) workers.push(await startWorker(folder, server))
    return await measureOn(server, workers)
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()))
  }
}

async function measureOn(server: Server, workers: readonly Child[]): Promise<Figures> {
  const runs = RUNS * workers.length
  // In the first runs of a process its code is compiled; they are not what is measured.
  for (const isMeasured of [false, true]) {
    await takeIn(server, runs)
    const before = workers.map(({ pid }) => processorMs(pid))
    const databaseBefore = familyMs(server.databasePid)
    const startedAtMs = performance.now()
    await server.client.call('resumeWorkflow', { params: { name: 'five' } })
    while ((await countLeft(server)) > 0) await pause(50)
    const elapsedMs = performance.now() - startedAtMs
    const took = workers.map(({ pid }, n) => processorMs(pid) - (before[n] ?? 0))
    const all = took.reduce((sum, ms) => sum + ms, 0)
    const figures = {
      perSecond: (runs / elapsedMs) * 1_000,
      workersUs: (all * 1_000) / runs,
      postgresUs: ((familyMs(server.databasePid) - databaseBefore) * 1_000) / runs,
      shares: took.map((ms) => Math.round((ms / all) * 100) / 100),
    }
    if (isMeasured) return figures
  }
  throw new Error('unreachable')
}

const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
try {
  await using server = await startServer(folder, { BOOKEND_ROLES: 'api' })
  const rounds: Record<'one' | 'three', Figures>[] = []
  for (let round = 0; round <= Number(options.rounds); round += 1) {
    const one = await measure(server, 1)
    const three = await measure(server, 3)
    process.stdout.write(`${JSON.stringify({ round, one, three })}\n`)
    // The first round warms up.
    if (round > 0) rounds.push({ one, three })
  }
  const ratio = (figure: 'perSecond' | 'workersUs' | 'postgresUs') =>
    spreadOf(rounds.map(({ one, three }) => three[figure] / one[figure]))
  const ratios = {
    perSecond: ratio('perSecond'),
    workersUs: ratio('workersUs'),
    postgresUs: ratio('postgresUs'),
  }
  const report = { runs: RUNS, load: loadavg()[0], node: process.version, rounds, ratios }
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(ratios, null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
