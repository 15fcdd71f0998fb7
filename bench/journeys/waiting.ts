// What runs that wait for days cost: memory and processor time of a server that has nothing else to do,
// and how long it takes to start with them.
//
//   idle ─▶ some real waits, parked ─▶ copied by SQL to as many as asked ─▶ idle ─▶ restarted ─▶ one is answered

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { familyMs, processorMs, residentMiB } from '../testing/process-figures.ts'
import { startServer, type Server } from './server.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    real: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '40' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/journeys-waiting.json', import.meta.url)),
    },
  },
})
const RUNS = Number(options.runs)
const REAL = Number(options.real)
const FOR_MS = Number(options.seconds) * 1_000

interface Idle {
  readonly rssMiB: number
  /** Of one core. */
  readonly serverPercent: number
  readonly postgresPercent: number
}

async function measureIdle({ pid, databasePid }: Server): Promise<Idle> {
  const [before, databaseBefore] = [processorMs(pid), familyMs(databasePid)]
  const startedAtMs = performance.now()
  await pause(FOR_MS)
  const elapsedMs = performance.now() - startedAtMs
  const percent = (ms: number): number => Math.round((ms / elapsedMs) * 10_000) / 100
  return {
    rssMiB: Math.round(residentMiB(pid)),
    serverPercent: percent(processorMs(pid) - before),
    postgresPercent: percent(familyMs(databasePid) - databaseBefore),
  }
}

async function ask(server: Server, event_type: string, event_id: string, of?: string) {
  const payload = of === undefined ? {} : { of }
  await server.client.call('createEvent', { body: { event_type, event_id, payload } })
}

async function untilParked({ database }: Server, count: number): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ parked: number }>(
      `select count(*)::int as parked from bookend.runs
       where workflow = 'wait' and status = 'waiting' and entry is null`,
    )
    if ((rows[0]?.parked ?? 0) >= count) return
    await pause(500)
  }
}

/** Rows as a parked run has them: its event, itself, and its two steps. */
async function copyRuns({ database }: Server, count: number): Promise<void> {
  await database.query(
    `with model as (
       select r.* from bookend.runs r where workflow = 'wait' and status = 'waiting' limit 1
     ), copies as materialized (
       select gen_random_uuid() as id, n from generate_series(1, $1::int) n
     ), stored as (
       insert into bookend.events (workspace_id, id, type, dedupe_key, payload)
       select m.workspace_id, 'copy' || c.n, 'wait.asked', 'copy' || c.n, '{}' from model m, copies c
     ), ran as (
       insert into bookend.runs (workspace_id, id, kind, workflow, version, status, event_id, input,
         execution, queued_at, started_at, wake_at)
       select m.workspace_id, c.id, m.kind, m.workflow, m.version, m.status, 'copy' || c.n, m.input,
         gen_random_uuid(), now(), now(), now() + interval '3 days' from model m, copies c
       returning 1
     )
     insert into bookend.run_steps (workspace_id, run_id, name, position, kind, status, start_ms,
       limit_ms, wake_at, output, event_type, event_filter, since, began_at)
     select s.workspace_id, c.id, s.name, s.position, s.kind, s.status, s.start_ms, s.limit_ms,
       case when s.kind = 'wait' then now() + interval '3 days' end, s.output, s.event_type,
       case when s.kind = 'wait' then jsonb_build_object('of', 'copy' || c.n) end, s.since, s.began_at
     from model m join bookend.run_steps s on s.workspace_id = m.workspace_id and s.run_id = m.id,
       copies c`,
    [count],
  )
}

/** What follows from the copying is over: it is not what waiting costs. */
async function settle({ database }: Server): Promise<void> {
  await database.query('vacuum analyze')
  await database.query('checkpoint')
  await pause(5_000)
}

/** Milliseconds from the event that a run waits for to the end of the run. */
async function answerOne(server: Server): Promise<number> {
  const startedAtMs = performance.now()
  await ask(server, 'wait.answered', 'answer', 'copy7')
  for (;;) {
    const { rows } = await server.database.query<{ status: string }>(
      `select status from bookend.runs where event_id = 'copy7'`,
    )
    if (rows[0]?.status === 'completed') return Math.round(performance.now() - startedAtMs)
    await pause(20)
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
try {
  const first = await startServer(folder)
  await settle(first)
  const empty = await measureIdle(first)
  for (let n = 0; n < REAL; n += 1) await ask(first, 'wait.asked', `real${n}`)
  await untilParked(first, REAL)
  await copyRuns(first, RUNS - REAL)
  await settle(first)
  const waiting = await measureIdle(first)
  await first[Symbol.asyncDispose]()
  await using second = await startServer(folder)
  const answeredMs = await answerOne(second)
  await settle(second)
  const restarted = await measureIdle(second)
  const startsMs = { empty: Math.round(first.startMs), waiting: Math.round(second.startMs) }
  const load = loadavg()[0]
  const idle = { empty, waiting, restarted }
  const report = { runs: RUNS, real: REAL, load, node: process.version, idle, startsMs, answeredMs }
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
