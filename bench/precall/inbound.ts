// What a call costs at Bookend's door, against the same three lookups without Bookend.
//
//   driver (this process) ─▶ bare │ by hand │ bookend (a process each) ─▶ lookup service (a process)
//
// `bare` is node:http and undici; `by-hand` is Fastify, undici, a token, a schema and time-outs.
// Bookend is the built server with everything on, its embedded database on the same processors.
// Prints a table per scenario and writes all of it, with method and machine, as JSON.

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CALLERS, measure, warmUp, WARM_UP_MS, type Scenario } from './measure.ts'
import { startBookend, startLookupService, startPeer } from './peer.ts'
import { renderReport, report, type ScenarioReport } from './report.ts'

const scenarios: readonly Scenario[] = [
  { name: 'lookups of 0 ms', work: 'three-lookups', delayMs: 0, perSecond: 200 },
  { name: 'lookups of 20 ms', work: 'three-lookups', delayMs: 20, perSecond: 200 },
  { name: 'no lookups', work: 'no-lookups', delayMs: 0, perSecond: 200 },
  { name: 'saturation, lookups of 0 ms', work: 'three-lookups', delayMs: 0, perSecond: null },
]

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
    // Calls of each kind, before anything is measured.
    'warm-up': { type: 'string', default: '3000' },
    only: { type: 'string', default: '' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/precall-inbound.json', import.meta.url)),
    },
    profile: { type: 'string', default: '' },
  },
})

async function main(): Promise<void> {
  const rounds = Number(options.rounds)
  const measuredMs = Number(options.seconds) * 1_000
  const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
  const loadBefore = loadavg()
  try {
    const reports = await compare(folder, rounds, measuredMs)
    for (const one of reports) process.stdout.write(`\n${renderReport(one)}`)
    await mkdir(dirname(options.out), { recursive: true })
    const machine = { ...(await describeMachine()), loadBefore, loadAfter: loadavg() }
    const method = {
      rounds,
      measuredMs,
      warmUpCalls: Number(options['warm-up']),
      warmUpMsEachTurn: WARM_UP_MS,
      closedLoopCallers: CALLERS,
    }
    await writeFile(options.out, `${JSON.stringify({ machine, method, reports }, null, 2)}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(
  folder: string,
  rounds: number,
  measuredMs: number,
): Promise<readonly ScenarioReport[]> {
  await using lookups = await startLookupService()
  await using bare = await startPeer('bare', lookups.url)
  await using byHand = await startPeer('by-hand', lookups.url)
  await using bookend = await startBookend({
    lookupUrl: lookups.url,
    dataDir: join(folder, 'data'),
    nodeArgs: options.profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`],
  })
  const peers = [bare, byHand, bookend]
  const reports: ScenarioReport[] = []
  await warmUp(peers, Number(options['warm-up']))
  for (const scenario of scenarios.filter(({ name }) => name.includes(options.only))) {
    await fetch(`${lookups.url}/delay/${scenario.delayMs}`, { method: 'PUT' })
    reports.push(report(scenario, await measure(scenario, { peers, rounds, measuredMs })))
  }
  return reports
}

async function describeMachine() {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const versions = JSON.parse(manifest) as { devDependencies: Record<string, string> }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const [first] = cpus()
  return {
    takenAt: new Date().toISOString(),
    commit,
    processors: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    versions: versions.devDependencies,
  }
}

await main()
