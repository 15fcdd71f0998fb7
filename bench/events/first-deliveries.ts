// How soon a subscriber hears of an event, at a fixed pace: one turn of one peer.
//
//   driver ─ report, at its time ─▶ peer ─ commit ─▶ answer ─▶ driver
//                                     └─ first attempt ─▶ sink
//
// Two waits of each event: from the moment its report left, which holds all that a peer does, and from
// its answer, which holds what the peer leaves for later. The driver stamps, so do the sinks: one machine.

import { setTimeout as pause } from 'node:timers/promises'
import type { Driver, Load } from '../testing/load.ts'
import { percentile } from '../testing/statistics.ts'

export interface FirstDeliveriesOptions {
  readonly driver: Driver
  readonly sinkUrl: string
  readonly perSecond: number
  readonly headers: Readonly<Record<string, string>>
  /** The ids of calls whose end is reported, each once. */
  readonly calls: readonly string[]
}

export interface FirstDeliveries {
  readonly events: number
  readonly wrong: number
  readonly undelivered: number
  readonly acceptedP99Ms: number
  readonly afterReportP50Ms: number
  readonly afterReportP99Ms: number
  readonly afterAnswerP50Ms: number
  readonly afterAnswerP99Ms: number
}

/** A peer that has said nothing for so long says nothing any more. */
const SILENT_MS = 15_000
const LOOK_EVERY_MS = 250
// The driver shares the machine: it does not parse the whole call.
const EVENT_ID = /"event_id":"([^"]+)"/
const CALL_ID = /"uuid":"([^"]+)"/

export async function firstDeliveries(options: FirstDeliveriesOptions): Promise<FirstDeliveries> {
  const { driver, sinkUrl, perSecond, headers, calls } = options
  await heardBy(sinkUrl)
  const reportedMs = new Map<string, number>()
  const answered: { readonly id: string; readonly atMs: number; readonly call: string }[] = []
  const queue = calls.values()
  const load = await driver.openLoop(
    {
      path() {
        const call = queue.next().value ?? ''
        reportedMs.set(call, Date.now())
        return `/api/v1/calls/${call}/complete`
      },
      headers,
      body: () => '{"ended_reason":"hung_up","summary":"The caller asked for an appointment."}',
      isRight(answer) {
        const [id, call] = [EVENT_ID, CALL_ID].map((pattern) => pattern.exec(answer)?.[1])
        if (id === undefined || call === undefined) return false
        return answered.push({ id, atMs: Date.now(), call }) > 0
      },
    },
    perSecond,
    calls.length,
  )
  await untilHeard(sinkUrl, answered.length)
  const heard = await heardBy(sinkUrl)
  const waitsMs = answered.map(({ id, atMs, call }) => {
    const heardMs = heard[id] ?? Infinity
    return { report: heardMs - (reportedMs.get(call) ?? 0), answer: heardMs - atMs }
  })
  return { ...summaryOf(load, waitsMs), events: waitsMs.length }
}

function summaryOf(
  { latenciesMs, wrong }: Load,
  waitsMs: readonly { readonly report: number; readonly answer: number }[],
): Omit<FirstDeliveries, 'events'> {
  const [afterReport, afterAnswer] = [
    waitsMs.map(({ report }) => report),
    waitsMs.map(({ answer }) => answer),
  ]
  return {
    wrong,
    undelivered: afterReport.filter((waitMs) => waitMs === Infinity).length,
    acceptedP99Ms: percentile(latenciesMs, 0.99),
    afterReportP50Ms: percentile(afterReport, 0.5),
    afterReportP99Ms: percentile(afterReport, 0.99),
    afterAnswerP50Ms: percentile(afterAnswer, 0.5),
    afterAnswerP99Ms: percentile(afterAnswer, 0.99),
  }
}

async function untilHeard(sinkUrl: string, count: number): Promise<void> {
  let heard = 0
  for (let silentSinceMs = Date.now(); Date.now() - silentSinceMs < SILENT_MS;) {
    const now = Number(await (await fetch(`${sinkUrl}/count`)).text())
    if (now >= count) return
    if (now > heard) silentSinceMs = Date.now()
    heard = now
    await pause(LOOK_EVERY_MS)
  }
}

/** When each event came first since this was last asked. */
async function heardBy(sinkUrl: string): Promise<Readonly<Record<string, number>>> {
  return (await (await fetch(sinkUrl)).json()) as Record<string, number>
}
