// What would have differed for the agent and the caller, between an answer and another.

import type { BacktestAnswer, BacktestedCall } from '@bookend/contract'
import { isDeepStrictEqual } from 'node:util'

/** Words of an error, and milliseconds inside the budget, are no difference to anybody on the line. */
export function compareAnswers(
  was: BacktestAnswer,
  now: BacktestAnswer,
  budgetMs: number,
): Pick<BacktestedCall, 'differs' | 'changed'> {
  const names = new Set([...Object.keys(was.parameters), ...Object.keys(now.parameters)])
  const changed = [...names].filter(
    (name) => !isDeepStrictEqual(was.parameters[name], now.parameters[name]),
  )
  const differs: BacktestedCall['differs'] = []
  if (was.status !== now.status) differs.push('status')
  if (changed.length > 0) differs.push('parameters')
  if (!isDeepStrictEqual(was.outcome, now.outcome)) differs.push('outcome')
  if (!isDeepStrictEqual(missingOf(was), missingOf(now))) differs.push('missing')
  if (was.duration_ms > budgetMs !== now.duration_ms > budgetMs) differs.push('late')
  return { differs, changed }
}

const missingOf = ({ missing }: BacktestAnswer): string[] =>
  missing.map(({ name, reason }) => `${name} ${reason}`).toSorted()
