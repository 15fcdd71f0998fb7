// What works without being asked: each for itself, on connections of their own.

import { startAnalyses, type AnalysesOptions } from '../analysis/worker.ts'
import { startSealing } from '../audit/seal-audit.ts'
import type { Config } from '../config/config.ts'
import { startPlacingCalls, type PlaceCallsOptions } from '../scheduled-calls/place-calls.ts'
import { startDeliveries, type DeliveriesOptions } from '../workers/deliveries/deliveries.ts'
import { startLostCalls, type LostCallsOptions } from '../workers/lost-calls/lost-calls.ts'
import { startRetention } from '../workers/retention/retention.ts'

type WorkerOptions = Omit<
  DeliveriesOptions & LostCallsOptions & PlaceCallsOptions & AnalysesOptions,
  'silentMaxMs'
> & {
  readonly config: Pick<Config, 'lostAfterMinutes' | 'retentionDays'>
}

export function startWorkers(options: WorkerOptions): readonly { close(): Promise<void> }[] {
  const silentMaxMs = options.config.lostAfterMinutes * 60_000
  const { retentionDays } = options.config
  return [
    startDeliveries(options),
    startAnalyses(options),
    startLostCalls({ ...options, silentMaxMs }),
    startRetention({ ...options, retentionDays }),
    startSealing(options),
    startPlacingCalls(options),
  ]
}
