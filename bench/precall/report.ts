// What the samples say: each figure's median over the rounds, and Bookend against each peer round by
// round, so that a ratio compares what ran seconds apart.

import { spreadOf, type Spread } from '../testing/statistics.ts'
import type { Sample, Scenario } from './measure.ts'

type Figure = 'p50Ms' | 'p99Ms' | 'perSecond' | 'processorMsPerCall'

export interface ScenarioReport {
  readonly scenario: Scenario
  readonly peers: readonly ({ readonly peer: string; readonly wrong: number } & Record<
    Figure | 'residentMiB',
    Spread
  >)[]
  /** Bookend's figure divided by the peer's; of `addedMs`, less the peer's. */
  readonly against: readonly ({ readonly peer: string; readonly addedMs: Spread } & Record<
    Figure,
    Spread
  >)[]
}

export function report(scenario: Scenario, samples: readonly Sample[]): ScenarioReport {
  const names = [...new Set(samples.map(({ peer }) => peer))].toSorted()
  const ours = samples.filter(({ peer }) => peer === 'bookend')
  const of = (peer: string): readonly Sample[] => samples.filter((sample) => sample.peer === peer)
  const paired = (peer: string, compare: (our: Sample, other: Sample) => number): Spread =>
    spreadOf(
      ours.flatMap((our) => {
        const other = of(peer).find(({ round }) => round === our.round)
        return other === undefined ? [] : [compare(our, other)]
      }),
    )
  const ratio = (peer: string, figure: Figure): Spread =>
    paired(peer, (our, other) => our[figure] / other[figure])
  const spread = (peer: string, figure: Figure | 'residentMiB'): Spread =>
    spreadOf(of(peer).map((sample) => sample[figure]))
  return {
    scenario,
    peers: names.map((peer) => ({
      peer,
      wrong: of(peer).reduce((sum, sample) => sum + sample.wrong, 0),
      p50Ms: spread(peer, 'p50Ms'),
      p99Ms: spread(peer, 'p99Ms'),
      perSecond: spread(peer, 'perSecond'),
      processorMsPerCall: spread(peer, 'processorMsPerCall'),
      residentMiB: spread(peer, 'residentMiB'),
    })),
    against: names
      .filter((peer) => peer !== 'bookend')
      .map((peer) => ({
        peer,
        addedMs: paired(peer, (our, other) => our.p50Ms - other.p50Ms),
        p50Ms: ratio(peer, 'p50Ms'),
        p99Ms: ratio(peer, 'p99Ms'),
        perSecond: ratio(peer, 'perSecond'),
        processorMsPerCall: ratio(peer, 'processorMsPerCall'),
      })),
  }
}

export function renderReport({ scenario, peers, against }: ScenarioReport): string {
  const pace = scenario.perSecond === null ? 'as fast as it can' : `${scenario.perSecond} calls/s`
  const rows = peers.map(({ peer, wrong, ...figures }) => [
    peer,
    show(figures.p50Ms, 2),
    show(figures.p99Ms, 2),
    show(figures.perSecond, 0),
    show(figures.processorMsPerCall, 2),
    figures.residentMiB.max.toFixed(0),
    String(wrong),
  ])
  const ratios = against.map(({ peer, addedMs, ...figures }) => [
    `÷ ${peer}`,
    show(figures.p50Ms, 2),
    show(figures.p99Ms, 2),
    show(figures.perSecond, 2),
    show(figures.processorMsPerCall, 2),
    '',
    `p50 ${addedMs.median < 0 ? '' : '+'}${addedMs.median.toFixed(2)} ms`,
  ])
  const head = ['', 'p50 ms', 'p99 ms', 'calls/s', 'CPU ms/call', 'RSS MiB', 'wrong']
  return [`${scenario.name}, ${pace}`, ...align([head, ...rows, ...ratios]), ''].join('\n')
}

const show = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
