// What an expression may mention, and where its values are when it is evaluated.

import type { MissingReason } from '@bookend/contract'
import type { Meter } from './meter.ts'
import type { ValueType } from './value-type.ts'

/** How a step went, as expressions see it: `steps.x.status` and `steps.x` itself. */
export interface StepState {
  readonly status: string
  /** Undefined: it has none, being skipped or failed. */
  readonly output: unknown
  /** Why it did not deliver, also when its default took its place. */
  readonly reason?: MissingReason
}

/** The values of one run. Both records are read by own properties only. */
export interface Frame {
  readonly variables: Readonly<Record<string, unknown>>
  readonly steps: Readonly<Record<string, StepState | undefined>>
  now(): Date
  /** The moment that `business_hours()` is asked about; absent: now. */
  readonly calledAt?: Date
}

export interface Calendars {
  /** Null: any name compiles; a calendar that is missing is then a fault of the run. */
  readonly names: readonly string[] | null
  /** Null: there is no such calendar. */
  isOpen(name: string, at: Date): boolean | null
}

/** What the language knows at one place of a file. */
export interface Vocabulary {
  readonly variables: Readonly<Record<string, ValueType>>
  /** The types of the outputs of the steps that may be mentioned. */
  readonly steps: Readonly<Record<string, ValueType>>
  /** Null: none is known, and every name compiles. */
  readonly calendars: Calendars | null
}

export interface Mention {
  readonly step: string
  readonly of: 'output' | 'status'
}

/** The state of one evaluation. */
export interface Evaluation extends Meter {
  readonly frame: Frame
  /** Variables of comprehensions, by their place. */
  readonly locals: unknown[]
}

export type Run = (evaluation: Evaluation) => unknown

export interface Compiled {
  readonly type: ValueType
  readonly run: Run
}
