// An expression over an answer of another system: `status`, `headers`, `body`.

import { compileCondition } from './expression.ts'
import { ANY, STRING, WHOLE, mapOf } from './value-type.ts'

export interface ConditionalAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Null where it is no JSON. */
  readonly body: unknown
}

const VOCABULARY = {
  variables: { status: WHOLE, headers: mapOf({}, STRING), body: ANY },
  steps: {},
  calendars: null,
}

/** @throws {ExpressionError} It is not CEL, or names what there is not. */
export function compileAnswerCondition(text: string): (answer: ConditionalAnswer) => boolean {
  const condition = compileCondition(text, VOCABULARY)
  if (condition.isTimed) throw new RangeError('An answer is judged by itself, not by the time')
  return ({ status, headers, body }) =>
    // No clock: what is timed was refused above.
    condition.holds({ variables: { status, headers, body }, steps: {}, now: () => new Date(0) })
}
