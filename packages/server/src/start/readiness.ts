import type { Clock } from '@bookend/core'
import type { Engine } from '../engine/engine.ts'
import type { Readiness } from '../http/operations.ts'
import type { Database } from '../store/database.ts'
import { isMigrated } from '../store/migrate.ts'

const PATIENCE_MS = 1_000

export interface ReadinessOptions {
  readonly database: Database
  readonly engine: Pick<Engine, 'isReady'>
  readonly clock: Clock
  readonly isDraining: () => boolean
}

export function createReadiness(options: ReadinessOptions): Readiness {
  const { database, engine, clock, isDraining } = options
  const isDatabaseReady = (): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = clock.setTimer(PATIENCE_MS, () => resolve(false))
      isMigrated(database.pool).then(
        (isReady) => (cancel(), resolve(isReady)),
        () => (cancel(), resolve(false)),
      )
    })
  return {
    check: async () => ({
      database: await isDatabaseReady(),
      engine: engine.isReady(),
      accepting: !isDraining(),
    }),
  }
}
