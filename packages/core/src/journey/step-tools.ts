// What every kind of step of a run shares: its name, what the journal has of it, and how a record that
// fails ends the execution.
//
// S4. When the execution is halted, steps neither resolve nor reject: code between them is left
//     where it stands, and the next execution comes by again.

import { BookendError, WorkflowError } from '../kernel/error.ts'
import type { Clock } from '../kernel/clock.ts'
import type { JourneyJournal, JournalKind, JournalStep, StepOutcome, StepPlace } from './journal.ts'
import type { Rests } from './rests.ts'

/** Letters, digits and `_-.:`, at most 64 of them. */
export const STEP_NAME = /^[A-Za-z0-9_.:-]{1,64}$/

/** Unwinds a halted step without telling the journey's code (S4). */
export const HALTED = Symbol('halted')

/** A step of a journey failed for good; the same error on every execution of the run. */
export class StepFailedError extends BookendError {
  override readonly name = 'StepFailedError'
  readonly code = 'step_failed'
  readonly retryable = false
  readonly step: string

  constructor(step: string, detail: string) {
    super(`Step "${step}" failed: ${detail}`)
    this.step = step
  }
}

export interface StepTools {
  readonly clock: Clock
  readonly journal: JourneyJournal
  readonly rests: Rests
  /** Takes the name, which no other step of the run may have. */
  readonly place: (name: string) => StepPlace
  /** What the journal has of it; a step of another kind breaks the rules. */
  readonly recorded: (name: string, kind: JournalKind) => JournalStep | undefined
  /** What the journal says, or a halt: an answer that cannot be recorded is none (S4). */
  readonly record: <T>(work: Promise<T>) => Promise<T>
  readonly whileBusy: <T>(work: Promise<T>) => Promise<T>
  /** Notes a break of the language's rules, to be thrown. */
  readonly breakRule: (message: string) => WorkflowError
  /** Notes it when `read` throws one. */
  readonly checked: <T>(read: () => T) => T
  /** @throws {StepFailedError} */
  readonly settle: (name: string, outcome: StepOutcome) => unknown
  /** The journal refused: nothing of this execution counts any more. */
  readonly isBroken: boolean
  /** The first break of the rules, which fails the run even when it is caught. */
  readonly misuse: WorkflowError | null
  /** Attempts and records under way. */
  readonly busy: ReadonlySet<Promise<unknown>>
}

export interface StepToolsOptions {
  readonly clock: Clock
  readonly journal: JourneyJournal
  readonly recorded: readonly JournalStep[]
  readonly rests: Rests
  readonly changed: () => void
  onBroken(error: unknown): void
}

const KIND_WORDS = {
  step: 'step',
  sleep: 'sleep',
  wait: 'wait for an event',
  human: 'handoff',
} as const satisfies Record<JournalKind, string>

export function createStepTools(options: StepToolsOptions): StepTools {
  const { clock, journal, rests, changed } = options
  const recorded = new Map(options.recorded.map((step) => [step.name, step]))
  const names = new Set<string>()
  const busy = new Set<Promise<unknown>>()
  let isBroken = false
  let misuse: WorkflowError | null = null

  function breakRule(message: string): WorkflowError {
    const error = new WorkflowError(message)
    misuse ??= error
    return error
  }

  return {
    clock,
    journal,
    rests,
    busy,
    breakRule,
    get isBroken() {
      return isBroken
    },
    get misuse() {
      return misuse
    },
    place(name) {
      if (typeof name !== 'string' || !STEP_NAME.test(name)) {
        throw breakRule(
          `"${String(name).slice(0, 80)}" is not a step name; use letters, digits and _-.: (at most 64)`,
        )
      }
      if (names.has(name)) throw breakRule(`Step "${name}" is used twice in one run`)
      names.add(name)
      return { name, position: recorded.has(name) ? 0 : recorded.size + names.size }
    },
    recorded(name, kind) {
      const before = recorded.get(name)
      if (before === undefined || before.kind === kind) return before
      throw breakRule(
        `"${name}" was a ${KIND_WORDS[before.kind]} before, and is a ${KIND_WORDS[kind]} now`,
      )
    },
    async record(work) {
      try {
        return await work
      } catch (error) {
        if (!isBroken) options.onBroken(error)
        isBroken = true
        throw HALTED
      }
    },
    async whileBusy(work) {
      busy.add(work)
      changed()
      try {
        return await work
      } finally {
        busy.delete(work)
        changed()
      }
    },
    checked(read) {
      try {
        return read()
      } catch (error) {
        if (error instanceof WorkflowError) misuse ??= error
        throw error
      }
    },
    settle(name, outcome) {
      if (outcome.status === 'ok') return outcome.output
      throw new StepFailedError(name, outcome.error)
    },
  }
}
