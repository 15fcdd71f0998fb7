// A verdict on a call by rules: the first whose condition holds says it.
//
// O1. A rule sees the call as a journey would, with the analyses that are there: those of an agent's
//     other analyzers are always there first.
// O2. Rules are about the call alone: the time of day is not part of them, so that asking again of
//     the same call gives the same verdict.

import { Call, type AnalyzerOptions, type Json } from '@bookend/contract'
import { EvaluationError, ExpressionError } from '../expression/expression-error.ts'
import { compileCondition, type Condition } from '../expression/expression.ts'
import { ANY, mapOf, type ValueType } from '../expression/value-type.ts'
import { analysisByTitle } from '../journey/analysis-by-title.ts'
import { typeOfSchema } from '../yaml/json-type.ts'
import { answered, failed, type AnalyzerAnswer } from './answer.ts'

type Rules = NonNullable<AnalyzerOptions['rules']>

/** Of the rule at `index`, in the words of the expression language. */
export interface RuleFault {
  readonly index: number
  readonly message: string
}

export function findRuleFault(rules: Rules): RuleFault | null {
  for (const [index, rule] of rules.entries()) {
    try {
      compileRule(rule.if)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const { message, hint } = error
      return { index, message: hint === null ? message : `${message}; ${hint}` }
    }
  }
  return null
}

export function judgeOutcome(call: Call, rules: Rules, otherwise: Json = null): AnalyzerAnswer {
  const subject = { ...call, analysis: analysisByTitle(call) }
  for (const [index, rule] of rules.entries()) {
    try {
      // No clock: what is timed was refused.
      const frame = { variables: { call: subject }, steps: {}, now: () => new Date(0) }
      if (compileRule(rule.if).holds(frame)) return answered(rule.result)
    } catch (error) {
      if (!(error instanceof EvaluationError || error instanceof ExpressionError)) throw error
      return failed('rule_failed', `Rule ${index + 1}: ${error.message}`)
    }
  }
  return answered(otherwise)
}

function compileRule(text: string): Condition {
  const condition = compileCondition(text, {
    variables: { call: callType() },
    steps: {},
    calendars: null,
  })
  if (condition.isTimed) {
    const at = { start: 0, end: text.length }
    throw new ExpressionError('a rule is about the call, not about the time', at)
  }
  return condition
}

function callType(): ValueType {
  const type = typeOfSchema(Call)
  return type.kind === 'map' ? mapOf({ ...type.fields, analysis: mapOf({}, ANY) }, type.rest) : type
}
