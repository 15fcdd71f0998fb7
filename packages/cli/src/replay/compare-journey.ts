// What a journey did, next to what it would do now.
//
// J1. What a step yielded is compared where it is read anew. A write is not sent, so what it is sent
//     with is compared in place of what was answered.

import type { DryRun, Run, RunStep } from '@bookend/contract'
import { isDeepStrictEqual } from 'node:util'
import { findDifferences, type Difference } from './find-differences.ts'

interface StepDifference {
  readonly step: string
  /** How it stood; null: it was not reached. */
  readonly was: RunStep['status'] | null
  readonly now: RunStep['status'] | null
  readonly changes: readonly Difference[]
}

export interface JourneyComparison {
  readonly alike: number
  readonly different: readonly StepDifference[]
}

export function compareJourney(was: Run, now: DryRun): JourneyComparison {
  const then = new Map(was.steps.map((step) => [step.name, step]))
  const today = new Map(now.steps.map((step) => [step.name, step]))
  const names = [...new Set([...then.keys(), ...today.keys()])]
  const compared = names.map((name) => compareStep(name, then.get(name), today.get(name), now))
  const different = compared.filter((step) => step.was !== step.now || step.changes.length > 0)
  return { alike: compared.length - different.length, different }
}

function compareStep(
  step: string,
  was: RunStep | undefined,
  now: DryRun['steps'][number] | undefined,
  { writes }: DryRun,
): StepDifference {
  const write = writes.find((one) => one.step === step)
  const sides = write === undefined ? [was?.output, now?.output] : [was?.input, write.input]
  const isBoth = was !== undefined && now !== undefined
  const isSame = !isBoth || isDeepStrictEqual(sides[0] ?? null, sides[1] ?? null)
  return {
    step,
    was: was?.status ?? null,
    now: now?.status ?? null,
    changes: isSame ? [] : findDifferences(sides[0] ?? null, sides[1] ?? null),
  }
}

/** What people answered then, so that the journey goes on as it did; by handoff. */
export function findAnswers(run: Run): Record<string, object> {
  const answers: Record<string, object> = {}
  for (const { name, kind, output } of run.steps) {
    if (kind !== 'human' || typeof output !== 'object' || output === null) continue
    if ('answer' in output && typeof output.answer === 'object' && output.answer !== null) {
      answers[name] = output.answer
    }
  }
  return answers
}
