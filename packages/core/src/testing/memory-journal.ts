import type { Clock } from '../kernel/clock.ts'
import type { JourneyJournal, JournalStep } from '../journey/journal.ts'
import { RunTakenOverError } from '../journey/journal.ts'

export interface MemoryRun {
  readonly steps: Map<string, JournalStep & { readonly wakeAtMs: number | null }>
  status: 'running' | 'waiting'
  /** A new execution of the run; the one before can record nothing more. */
  open(): JourneyJournal
}

/** A run's journal for tests, with the time of their clock. */
export function memoryRun(clock: Clock): MemoryRun {
  const steps: MemoryRun['steps'] = new Map()
  let owner = 0
  const run: MemoryRun = {
    steps,
    status: 'running',
    open() {
      owner += 1
      return open(owner)
    },
  }

  const fresh = (name: string, kind: 'step' | 'sleep') => ({
    name,
    kind,
    status: 'running' as const,
    attempts: [],
    writes: [],
    waitMs: null,
    wakeAtMs: null,
    output: null,
    error: null,
  })

  function open(mine: number): JourneyJournal {
    const owned = (): void => {
      if (mine !== owner) throw new RunTakenOverError('Another execution has this run')
    }
    const change = (name: string, to: object, kind: 'step' | 'sleep' = 'step'): void => {
      owned()
      const before = steps.get(name) ?? fresh(name, kind)
      if (before.status === 'ok' || before.status === 'failed') return
      steps.set(name, { ...before, ...structuredClone(to) })
    }
    return {
      read: async () =>
        [...steps.values()].map(({ wakeAtMs, ...step }) => ({
          ...step,
          waitMs: wakeAtMs === null ? null : Math.max(0, wakeAtMs - clock.monotonicMs()),
        })),
      begin: async ({ name }, attempts) =>
        change(name, { status: 'running', attempts, writes: [], wakeAtMs: null }),
      announce: async (name, writes) => change(name, { writes }),
      postpone: async (name, attempts, waitMs) =>
        change(name, { status: 'waiting', attempts, wakeAtMs: clock.monotonicMs() + waitMs }),
      async finish({ name }, outcome, attempts) {
        change(name, { ...outcome, attempts, wakeAtMs: null })
        const stands = steps.get(name)
        return stands?.status === 'ok'
          ? { status: 'ok', output: stands.output }
          : { status: 'failed', error: stands?.error ?? '' }
      },
      async sleep({ name }, durationMs) {
        const wakeAtMs = steps.get(name)?.wakeAtMs ?? clock.monotonicMs() + durationMs
        change(name, { status: 'waiting', wakeAtMs }, 'sleep')
        return wakeAtMs - clock.monotonicMs()
      },
      wake: async (name) => change(name, { status: 'ok', wakeAtMs: null }, 'sleep'),
      async setStatus(status) {
        owned()
        run.status = status
      },
    }
  }
  return run
}
