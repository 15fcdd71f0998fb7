// What one evaluation may cost (threats D3). Every turn of a comprehension and every piece of text
// or list that is built is charged; when nothing is left, the evaluation fails and nothing else does.

import { EvaluationError } from './expression-error.ts'

/** About five milliseconds of the slowest thing an expression can do. */
export const STEPS_MAX = 100_000
/** A fault that is caught has cost its trace. */
export const FAULT_STEPS = 30
const TEXT_MAX = 65_536
const OUTPUT_MAX = 262_144
const DEPTH_MAX = 64

export interface Meter {
  left: number
}

export function spend(meter: Meter, steps: number): void {
  meter.left -= steps
  if (meter.left < 0) throw new EvaluationError('the expression takes too many steps', true)
}

/** Charges a text that is about to be built. */
export function spendText(meter: Meter, length: number): void {
  if (length > TEXT_MAX) throw new EvaluationError(`a text would be longer than ${TEXT_MAX}`)
  spend(meter, 1 + (length >> 4))
}

/**
 * Refuses a value whose JSON would be larger than 256 Ki characters or deeper than 64 levels: a
 * small expression can mention a large value many times.
 *
 * @throws {EvaluationError}
 */
export function checkOutput(root: unknown): void {
  let left = OUTPUT_MAX
  const visit = (value: unknown, depth: number): void => {
    left -= typeof value === 'string' ? value.length + 2 : 4
    if (left < 0) throw new EvaluationError(`the result is larger than ${OUTPUT_MAX} characters`)
    if (typeof value !== 'object' || value === null) return
    if (depth > DEPTH_MAX)
      throw new EvaluationError(`the result is nested deeper than ${DEPTH_MAX}`)
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1)
      return
    }
    for (const [key, child] of Object.entries(value)) {
      left -= key.length + 3
      visit(child, depth + 1)
    }
  }
  visit(root, 0)
}
