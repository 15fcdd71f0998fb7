// The processor time of one call in the server's process, what follows its answer included: the
// figure to compare one build with another by, on a machine that others use too.
//
//   driver (this process) ─▶ by hand │ by hand, recorded │ bookend ─▶ lookup service (a process)
//
// Calls leave at a gentle, fixed rate, so that no peer waits for a processor for long and none does
// more at once than another. Peers take turns in short blocks; the median of a peer's blocks is
// shown with the least. PostgreSQL is a process of its own and counted apart.

import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Question } from '../testing/load.ts'
import { threadTimes } from '../testing/process-figures.ts'
import { percentile, spreadOf } from '../testing/statistics.ts'
import { CALLERS } from './measure.ts'
import { startBookend, startLookupService, startPeer, type Peer } from './peer.ts'

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '3000' },
    blocks: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    'warm-up': { type: 'string', default: '4000' },
    /** Part of the name of the rows that are wanted. */
    only: { type: 'string', default: '' },
    profile: { type: 'string', default: '' },
  },
})
const BLOCKS = Number(options.blocks)
const CALLS = Math.ceil(Number(options.calls) / BLOCKS)

interface Row {
  readonly name: string
  readonly peer: Peer
  readonly question: Question
  readonly blocks: Block[]
}

interface Block {
  /** Of one call. */
  readonly mainUs: number
  readonly allUs: number
  readonly p50Ms: number
  readonly wrong: number
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bookend-bench-'))
  try {
    await measureAll(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureAll(folder: string): Promise<void> {
  await using lookups = await startLookupService()
  await using bookend = await startBookend({
    lookupUrl: lookups.url,
    dataDir: join(folder, 'data'),
    nodeArgs: options.profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`],
  })
  await using byHand = await startPeer('by-hand', lookups.url)
  await using recorded = await startPeer('by-hand-record', lookups.url, bookend.socketDir)
  const row = (name: string, peer: Peer, question: Question): Row => ({
    name: `${peer.name}, ${name}`,
    peer,
    question,
    blocks: [],
  })
  const rows = [
    ...[byHand, recorded, bookend].flatMap((peer) => [
      row('three lookups', peer, peer.questions['three-lookups']),
      row('none', peer, peer.questions['no-lookups']),
    ]),
    row('three lookups in YAML', bookend, bookend.yaml),
  ].filter(({ name }) => name.includes(options.only))
  for (const { peer, question } of rows) {
    await peer.driver.closedLoop(question, CALLERS, { calls: Number(options['warm-up']) })
    await peer.settle()
  }
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const each of rows) each.blocks.push(await measureBlock(each))
  }
  const load = loadavg()[0]?.toFixed(1) ?? ''
  process.stdout.write(
    `${BLOCKS} blocks of ${CALLS} calls at ${options.rate}/s, load average ${load}\n`,
  )
  for (const each of rows) process.stdout.write(`${describe(each)}\n`)
}

async function measureBlock({ peer, question }: Row): Promise<Block> {
  const rate = Number(options.rate)
  await peer.driver.openLoop(question, rate, rate / 4)
  await peer.settle()
  const before = threadTimes(peer.pid)
  const { latenciesMs, wrong } = await peer.driver.openLoop(question, rate, CALLS)
  await peer.settle()
  const after = threadTimes(peer.pid)
  return {
    mainUs: (after.mainUs - before.mainUs) / CALLS,
    allUs: (after.allUs - before.allUs) / CALLS,
    p50Ms: percentile(latenciesMs, 0.5),
    wrong,
  }
}

function describe({ name, blocks }: Row): string {
  const all = spreadOf(blocks.map(({ allUs }) => allUs))
  const onMain = spreadOf(blocks.map(({ mainUs }) => mainUs))
  const p50 = spreadOf(blocks.map(({ p50Ms }) => p50Ms))
  const wrong = blocks.reduce((sum, block) => sum + block.wrong, 0)
  const us = (value: number): string => `${value.toFixed(0)} µs`.padStart(8)
  return [
    name.padEnd(32),
    `${us(all.median)} a call, least ${us(all.min)}`,
    `main thread ${us(onMain.median)}, least ${us(onMain.min)}`,
    `p50 ${p50.median.toFixed(2)} ms`,
    wrong === 0 ? '' : `${wrong} WRONG`,
  ].join('  ')
}

await main()
