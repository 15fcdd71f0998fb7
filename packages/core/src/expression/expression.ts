// One expression of a workflow file: read and checked when the file is, evaluated in every run.
//
//   text ─▶ tree ─▶ types, mentions ─▶ closure      once
//   frame ─▶ closure, metered ─▶ JSON               in each run
//
// E1. What comes out is data: it is never read again as an expression or a template (threats B6).
// E2. An evaluation ends: it is charged for what it does, and what it yields is bounded (D3).

import { compileNode } from './compile-node.ts'
import { createCompiler } from './compiler.ts'
import { EvaluationError, ExpressionError } from './expression-error.ts'
import { checkOutput, STEPS_MAX } from './meter.ts'
import { parseExpression } from './parse-expression.ts'
import type { Evaluation, Frame, Mention, Vocabulary } from './scope.ts'
import { describeType, kindOf, Span, type ValueType } from './value-type.ts'

export interface Expression {
  readonly text: string
  readonly type: ValueType
  /** The steps it needs, each form of mention once. */
  readonly mentions: readonly Mention[]
  /** Whether the time is part of it: two evaluations of the same data may then differ. */
  readonly isTimed: boolean
  /**
   * JSON; points in time are ISO 8601 texts.
   *
   * @throws {EvaluationError} The data is not what the expression needs, or it costs too much.
   */
  evaluate(frame: Frame): unknown
}

/** @throws {ExpressionError} It is not CEL, names what is not there, or its types do not fit. */
export function compileExpression(text: string, vocabulary: Vocabulary): Expression {
  const compiler = createCompiler(vocabulary, compileNode)
  const { type, run } = compiler.compile(parseExpression(text))
  const { isTimed, builds } = compiler.facts
  const mentions = [
    ...new Map(compiler.mentions.map((each) => [`${each.of} ${each.step}`, each])).values(),
  ]
  const evaluate = (frame: Frame): unknown => {
    const evaluation: Evaluation = { frame, locals: [], left: STEPS_MAX }
    const value = run(evaluation)
    if (!builds) return toText(value)
    checkOutput(value)
    return toData(value)
  }
  return { text, type, mentions, isTimed, evaluate }
}

/** As {@link compileExpression}, for what decides: `if` and `match`. */
export function compileCondition(text: string, vocabulary: Vocabulary) {
  const expression = compileExpression(text, vocabulary)
  const { kind } = expression.type
  if (kind !== 'bool' && kind !== 'any') {
    const message = `a condition must be true or false, and this is ${describeType(expression.type)}`
    throw new ExpressionError(message, { start: 0, end: text.length }, 'compare it with something')
  }
  return {
    ...expression,
    holds(frame: Frame): boolean {
      const value = expression.evaluate(frame)
      if (typeof value === 'boolean') return value
      throw new EvaluationError('a condition is neither true nor false')
    },
  }
}

export type Condition = ReturnType<typeof compileCondition>

/** What was built may hold points in time anywhere; what was only read is JSON already. */
function toData(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isOdd) ? value.map(toData) : value
  const kind = kindOf(value)
  if (kind !== 'map') return toText(value)
  const entries = Object.entries(value as object)
  if (!entries.some(([, child]) => isOdd(child))) return value
  return Object.fromEntries(entries.map(([key, child]) => [key, toData(child)]))
}

function toText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  return value instanceof Span ? `${value.ms / 1_000}s` : (value ?? null)
}

const isOdd = (value: unknown): boolean => typeof value === 'object' && value !== null
