// Patterns of `matches()`: RE2, so that no text makes one slow in the square of its length (threats
// D2). The pattern stands in the expression, never in data, and is compiled when it is saved.

import { RE2JS } from 're2js'
import { ExpressionError, EvaluationError } from './expression-error.ts'
import { type Meter, spend } from './meter.ts'

const PATTERN_LENGTH_MAX = 512
/** What a pattern may grow to; it counts each repetition of `x{100}`. */
const PROGRAM_SIZE_MAX = 2_000
/** Each is thousands of ranges to compile. */
const CLASSES_MAX = 16
const SUBJECT_LENGTH_MAX = 16_384
const WORK_PER_STEP = 24

export interface Pattern {
  test(subject: string, meter: Meter): boolean
}

/** @throws {ExpressionError} The pattern is not RE2, or too large. */
export function compilePattern(source: string, at: { start: number; end: number }): Pattern {
  if (source.length > PATTERN_LENGTH_MAX) {
    throw new ExpressionError(`a pattern has at most ${PATTERN_LENGTH_MAX} characters`, at)
  }
  const repeated = countRepeats(source)
  if (repeated > PROGRAM_SIZE_MAX) throw new ExpressionError(TOO_LARGE, at, 'repeat fewer times')
  if (source.split(/\\[pP]/).length > CLASSES_MAX) {
    const message = `a pattern has fewer than ${CLASSES_MAX} classes such as \\pL`
    throw new ExpressionError(message, at)
  }
  const compiled = compile(source, at)
  const size = compiled.programSize()
  if (size > PROGRAM_SIZE_MAX) throw new ExpressionError(TOO_LARGE, at, 'repeat fewer times')
  return {
    test(subject, meter) {
      if (subject.length > SUBJECT_LENGTH_MAX) {
        throw new EvaluationError(`matches() reads at most ${SUBJECT_LENGTH_MAX} characters`)
      }
      spend(meter, 1 + Math.ceil((subject.length * size) / WORK_PER_STEP))
      return compiled.matcher(subject).find()
    },
  }
}

const TOO_LARGE = 'the pattern repeats too much'

/** Counted repetitions, which are what takes time while compiling; nested ones RE2 itself limits. */
function countRepeats(source: string): number {
  let sum = 0
  for (const [, least = '0', most = ''] of source.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)) {
    sum += Math.max(Number(least), Number(most))
  }
  return sum
}

/** A file is read more than once, and its patterns are what takes time. */
const compiledBefore = new Map<string, RE2JS>()
const KEPT_MAX = 128

function compile(source: string, at: { start: number; end: number }): RE2JS {
  const known = compiledBefore.get(source)
  if (known !== undefined) return known
  try {
    const compiled = RE2JS.compile(source)
    if (compiledBefore.size >= KEPT_MAX) compiledBefore.clear()
    compiledBefore.set(source, compiled)
    return compiled
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : ''
    const hint = 'patterns are RE2: no lookaround, no back-references'
    throw new ExpressionError(`the pattern cannot be used: ${reason}`, at, hint)
  }
}
