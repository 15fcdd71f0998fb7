// Figures for Prometheus. Labels are few and closed: never an id, a number or a name a caller chose.
// A journey's name is its author's.

import type { Missing, PreCallSummary } from '@bookend/contract'
import { type Load, addLoadMetrics } from './load-metrics.ts'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

type PreCallFigures = Pick<PreCallSummary, 'status' | 'duration_ms'> & {
  readonly missing: readonly Missing[]
}

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  readonly preCall: (summary: PreCallFigures) => void
  /** Values dropped because an agent's schema does not declare them. */
  readonly undeclared: (count: number) => void
  /** A journey's `if` said no to an event. */
  readonly suppressed: (journey: string) => void
  readonly request: (route: string, status: number, durationMs: number) => void
  /** What came from a voice platform, and what became of it. */
  readonly platform: (platform: string, door: string, result: string) => void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** @param waitingCalls Calls that the database does not have yet. */
export function createMetrics(waitingCalls: () => number, load: Load): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const preCall = new Histogram({
    name: 'bookend_pre_call_duration_seconds',
    help: 'From the arrival of a call to the answer of its pre-call workflow',
    labelNames: ['status'],
    buckets: SECONDS,
    registers,
  })
  const missing = new Counter({
    name: 'bookend_pre_call_missing_total',
    help: 'Parameters and steps that could not be delivered',
    labelNames: ['reason'],
    registers,
  })
  const request = new Histogram({
    name: 'bookend_http_request_duration_seconds',
    help: 'Requests by route and status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const suppressed = new Counter({
    name: 'bookend_journeys_suppressed_total',
    help: 'Events on whose type a journey is, and that its `if` did not start a run for',
    labelNames: ['journey'],
    registers,
  })
  const platform = new Counter({
    name: 'bookend_platform_requests_total',
    help: 'Requests of voice platforms, by address and what became of them',
    labelNames: ['platform', 'door', 'result'],
    registers,
  })
  const undeclared = new Counter({
    name: 'bookend_pre_call_undeclared_total',
    help: 'Values that answers and calls held and no parameters_schema declares; they are dropped',
    registers,
  })
  registry.registerMetric(
    new Gauge({
      name: 'bookend_calls_waiting_to_be_stored',
      help: 'Calls that are answered and on the spool, and not in the database yet',
      registers: [],
      collect() {
        this.set(waitingCalls())
      },
    }),
  )
  addLoadMetrics(registry, load)
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    preCall(summary) {
      preCall.observe({ status: summary.status }, summary.duration_ms / 1_000)
      for (const { reason } of summary.missing) missing.inc({ reason })
    },
    undeclared: (count) => undeclared.inc(count),
    suppressed: (journey) => suppressed.inc({ journey }),
    platform: (name, door, result) => platform.inc({ platform: name, door, result }),
    request(route, status, durationMs) {
      request.observe({ route, status: String(status) }, durationMs / 1_000)
    },
  }
}
