import type { Overview } from '@bookend/contract'
import { at, uuid } from './fixtures.ts'

export const makeOverview = (given: Partial<Overview> = {}): Overview => ({
  since: at(-86_400_000),
  sampled: false,
  calls: { total: 1_204, live: 3 },
  pre_call: {
    answered: 1_200,
    partial: 37,
    fallback: 2,
    late: 2,
    p50_ms: 412,
    p95_ms: 1_905,
    deadline_ms: 5_000,
    hours: [
      { at: at(-7_200_000), answered: 410, p50_ms: 400, p95_ms: 1_800 },
      { at: at(0), answered: 790, p50_ms: 420, p95_ms: 2_000 },
    ],
  },
  defaults: [{ workflow: 'support-intake', step: 'tickets', reason: 'timed_out', count: 31 }],
  journeys: {
    started: 1_190,
    completed: 1_100,
    waiting: 88,
    failed: 2,
    failures: [
      {
        workflow: 'after-support',
        step: 'log-call',
        runs: 2,
        unsure: false,
        error: 'HTTP 401',
        run_id: uuid(31),
        call_id: uuid(21),
        at: at(-60_000),
      },
    ],
  },
  ...given,
})
