// What an adapter costs: verify, read and answer, for each sample of each platform.
//
// The samples are the package's own, signed as the platforms sign them. Each is handled many times in
// turn with the others, so that no run has the processor's caches to itself; the worst sample of a
// platform stands for it. Aim: p99 of at most 1 ms. It is judged by processor time, which other work on
// the machine disturbs least; beside it stands the time by the clock.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import {
  openConnection,
  platformIds,
  replyText,
  type PlatformId,
  type RawRequest,
} from '@bookend/platforms'
import { percentile } from '../testing/statistics.ts'

const AIM_MS = 1
const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5000' },
    'warm-up': { type: 'string', default: '1000' },
    out: {
      type: 'string',
      default: new URL('../results/platforms.json', import.meta.url).pathname,
    },
  },
})

interface Sample {
  readonly kind: string
  readonly options: object
  readonly request?: Omit<RawRequest, 'body'> & { readonly body: string }
  readonly expect?: { readonly verification?: string }
}
interface Work {
  readonly platform: PlatformId
  readonly name: string
  readonly run: () => void
  readonly timesMs: number[]
  readonly cpuMs: number[]
}

const folder = new URL('../../packages/platforms/fixtures/', import.meta.url)
const parameters = {
  customer_name: 'Mira',
  tier: 'silver',
  open_bills: 2,
  vip: true,
  last_visit: { id: 'V-2207', total: 39.9 },
}

function workOf(platform: PlatformId): readonly Work[] {
  const own = new URL(`${platform}/`, folder)
  return readdirSync(own).flatMap((name): Work[] => {
    if (!name.endsWith('.json')) return []
    const text = readFileSync(new URL(name, own), 'utf8')
    const { request, options, expect: wanted } = JSON.parse(text) as Sample
    if (request === undefined || wanted?.verification !== 'accept') return []
    const opened = openConnection(platform, options)
    if (!opened.ok) throw new Error(`${platform}/${name}: ${JSON.stringify(opened.issues)}`)
    const raw = { ...request, body: Buffer.from(request.body) }
    const run = () => handle(opened.connection, raw)
    return [{ platform, name, run, timesMs: [], cpuMs: [] }]
  })
}

type Connection = Extract<ReturnType<typeof openConnection>, { ok: true }>['connection']

function handle(connection: Connection, raw: RawRequest): void {
  const verdict = connection.verify(raw)
  if (!verdict.ok) throw new Error(verdict.why)
  if (raw.door === 'events') {
    connection.readEvents(raw)
    return
  }
  const reading = connection.readPreCall(raw)
  if (reading.kind !== 'call') return
  const result = { run_id: 'run', outcome: { type: 'continue' }, parameters } as const
  replyText(connection.writePreCall(result, reading.request))
}

function main(): void {
  const work = platformIds.flatMap(workOf)
  for (let round = 0; round < Number(args['warm-up']); round += 1) {
    for (const { run } of work) run()
  }
  for (let round = 0; round < Number(args.rounds); round += 1) {
    for (const { run, timesMs, cpuMs } of work) {
      const cpu = process.cpuUsage()
      const startMs = performance.now()
      run()
      timesMs.push(performance.now() - startMs)
      const { user, system } = process.cpuUsage(cpu)
      cpuMs.push((user + system) / 1_000)
    }
  }
  const rows = platformIds.map((platform) => {
    const own = work.filter((one) => one.platform === platform)
    const worst = own
      .map(({ name, timesMs, cpuMs }) => ({
        sample: name.replace(/\.json$/, ''),
        cpuP50Ms: round3(percentile(cpuMs, 0.5)),
        cpuP99Ms: round3(percentile(cpuMs, 0.99)),
        p50Ms: round3(percentile(timesMs, 0.5)),
        p99Ms: round3(percentile(timesMs, 0.99)),
      }))
      .toSorted((a, b) => b.cpuP99Ms - a.cpuP99Ms)[0]
    return { platform, samples: own.length, ...worst }
  })
  const heads = ['worst sample', 'cpu p50', 'cpu p99', 'p50', 'p99 ms']
  print(['platform', ...heads, 'aim'])
  for (const row of rows) {
    const { platform, sample = '', cpuP50Ms, cpuP99Ms = Infinity, p50Ms, p99Ms } = row
    const times = [cpuP50Ms, cpuP99Ms, p50Ms, p99Ms].map(String)
    print([platform, sample, ...times, cpuP99Ms <= AIM_MS ? 'met' : 'missed'])
  }
  const [first] = cpus()
  const machine = {
    takenAt: new Date().toISOString(),
    processors: `${String(cpus().length)} × ${first?.model ?? 'unknown'}`,
    node: process.versions.node,
    load: loadavg(),
  }
  const report = { machine, rounds: Number(args.rounds), aimMs: AIM_MS, rows }
  writeFileSync(args.out, `${JSON.stringify(report, null, 2)}\n`)
}

const WIDTHS = [12, 42, 8, 8, 8, 8, 6]
const print = (cells: readonly string[]): boolean =>
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0)).join(' ')}\n`)

const round3 = (ms: number): number => Math.round(ms * 1_000) / 1_000

main()
