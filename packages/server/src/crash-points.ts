// Named places at which a test ends this process as a crash does: SIGKILL, with nothing tidied up.
//
// C1. Off unless a test asks twice, by `BOOKEND_TEST_CRASHES=1` and by the point's name in
//     `BOOKEND_CRASH_AT`, and never in production. Off, it is a function that does nothing.

export const crashPoints = [
  /** Everything of a report is written, nothing is committed. */
  'ingest.before_commit',
  /** Committed, not yet answered. */
  'ingest.after_commit',
  /** Leased, nothing sent. */
  'delivery.claimed',
  /** Sent and answered, not recorded. */
  'delivery.sent',
  /** Recorded. */
  'delivery.recorded',
  /** An analyzer has answered, nothing of it is recorded. */
  'analysis.answered',
  /** A batch of old records is deleted, not committed. */
  'retention.before_commit',
  /** A migration has run, it and its record are not committed. */
  'migration.before_commit',
] as const

export type CrashPoint = (typeof crashPoints)[number]

export type CrashAt = (point: CrashPoint) => void

export function createCrashAt(
  env: NodeJS.ProcessEnv,
  crash: () => void = () => process.kill(process.pid, 'SIGKILL'),
): CrashAt {
  const isAsked = env['NODE_ENV'] !== 'production' && env['BOOKEND_TEST_CRASHES'] === '1'
  const wanted = crashPoints.find((point) => point === env['BOOKEND_CRASH_AT'])
  if (!isAsked || wanted === undefined) return () => undefined
  return (point) => {
    if (point === wanted) crash()
  }
}

export const crashAt = createCrashAt(process.env)
