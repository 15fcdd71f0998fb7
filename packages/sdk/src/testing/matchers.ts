// What tests of workflows say of a run and its steps.

import { parseDuration, type Duration } from '@bookend/core'

interface Verdict {
  readonly pass: boolean
  message(): string
}

export const matchers = {
  /** The answer left within that time of the call's arrival. */
  toAnswerWithin(run: { readonly durationMs: number }, duration: Duration): Verdict {
    const { durationMs } = run
    return {
      pass: durationMs <= parseDuration(duration),
      message: () => `The answer left after ${durationMs} ms; the limit in question is ${duration}`,
    }
  },
  /** Its time was over before it answered: its own limit, or the run's. */
  toBeCut(step: { readonly name: string; readonly status: string }): Verdict {
    const { name, status } = step
    return {
      pass: status === 'cut' || status === 'not_started',
      message: () => `Step "${name}" ended as "${status}"`,
    }
  },
}

declare module 'vitest' {
  // The parameter is vitest's own.
  // oxlint-disable-next-line typescript/no-explicit-any
  interface Matchers<T = any> {
    /** The answer left within that time of the call's arrival. */
    toAnswerWithin(duration: Duration): T
    /** Its time was over before it answered: its own limit, or the run's. */
    toBeCut(): T
  }
}
