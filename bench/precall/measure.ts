// Rounds of one scenario, the peers taking turns, so that a machine that drifts is as unfair to each.
//
//   round ─▶ peer, in an order that rotates ─▶ warm-up ─▶ measured ─▶ settle ─▶ next peer

import type { Load } from '../testing/load.ts'
import { processorMs, residentMiB } from '../testing/process-figures.ts'
import { percentile } from '../testing/statistics.ts'
import type { Peer, Work } from './peer.ts'

export interface Scenario {
  readonly name: string
  readonly work: Work
  /** Delay of each lookup. */
  readonly delayMs: number
  /** Calls a second, each at its own time; null: as many as can be done. */
  readonly perSecond: number | null
}

export interface Sample {
  readonly round: number
  readonly peer: string
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSecond: number
  /** Processor time of the server's process for each call, what follows an answer included. */
  readonly processorMsPerCall: number
  readonly residentMiB: number
  readonly wrong: number
}

export interface MeasureOptions {
  readonly peers: readonly Peer[]
  readonly rounds: number
  readonly measuredMs: number
}

export const WARM_UP_MS = 500
export const CALLERS = 32

/**
 * Compiled code is what a server runs after its first minutes, and a slow server takes longer to get
 * there: each peer is asked the same number of times before anything is measured.
 */
export async function warmUp(peers: readonly Peer[], calls: number): Promise<void> {
  for (const peer of peers) {
    const { name, driver, questions } = peer
    for (const question of Object.values(questions)) {
      await driver.closedLoop(question, CALLERS, { calls })
      await peer.settle()
    }
    process.stderr.write(`${name} is warm\n`)
  }
}

export async function measure(
  { name, work, perSecond }: Scenario,
  { peers, rounds, measuredMs }: MeasureOptions,
): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  const load = ({ driver, questions }: Peer, forMs: number): Promise<Load> =>
    perSecond === null
      ? driver.closedLoop(questions[work], CALLERS, { forMs })
      : driver.openLoop(questions[work], perSecond, Math.round((perSecond * forMs) / 1_000))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < peers.length; turn += 1) {
      const peer = peers[(round + turn) % peers.length]
      if (peer === undefined) continue
      await load(peer, WARM_UP_MS)
      const before = processorMs(peer.pid)
      const { latenciesMs, elapsedMs, wrong } = await load(peer, measuredMs)
      const resident = residentMiB(peer.pid)
      await peer.settle()
      samples.push({
        round,
        peer: peer.name,
        p50Ms: percentile(latenciesMs, 0.5),
        p99Ms: percentile(latenciesMs, 0.99),
        perSecond: (latenciesMs.length / elapsedMs) * 1_000,
        processorMsPerCall: (processorMs(peer.pid) - before) / latenciesMs.length,
        residentMiB: resident,
        wrong,
      })
    }
    process.stderr.write(`${name}: round ${round + 1} of ${rounds}\n`)
  }
  return samples
}
