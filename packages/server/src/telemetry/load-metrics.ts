// Figures of what keeps calls fast under load: the gate, the circuits, the cache.

import { Counter, Gauge, type Registry } from 'prom-client'

export interface Load {
  readonly gate: { readonly inFlight: number; readonly shed: number }
  readonly circuits: Readonly<Record<'connection' | 'endpoint', CircuitFigures>>
  readonly cache: { readonly entries: number; readonly bytes: number }
}

interface CircuitFigures {
  readonly opened: number
  count(state: 'open' | 'half_open'): number
}

export function addLoadMetrics(registry: Registry, { gate, circuits, cache }: Load): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      }),
    )
  const kinds = ['connection', 'endpoint'] as const
  gauge('bookend_pre_call_in_flight', 'Calls that wait for their workflow', () => gate.inFlight)
  gauge('bookend_cache_entries', 'Results that are kept in memory', () => cache.entries)
  gauge('bookend_cache_bytes', 'What these results weigh', () => cache.bytes)
  registry.registerMetric(
    new Counter({
      name: 'bookend_pre_call_shed_total',
      help: 'Calls that were answered without their workflow, because there were too many at once',
      registers: [],
      collect() {
        this.reset()
        this.inc(gate.shed)
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'bookend_circuits',
      help: 'Systems that are left alone because they kept failing, or are being tried again',
      labelNames: ['kind', 'state'],
      registers: [],
      collect() {
        for (const kind of kinds) {
          for (const state of ['open', 'half_open'] as const) {
            this.set({ kind, state }, circuits[kind].count(state))
          }
        }
      },
    }),
  )
  registry.registerMetric(
    new Counter({
      name: 'bookend_circuit_opened_total',
      help: 'How often a circuit opened',
      labelNames: ['kind'],
      registers: [],
      collect() {
        this.reset()
        for (const kind of kinds) this.inc({ kind }, circuits[kind].opened)
      },
    }),
  )
}
