// Why a parameter of a YAML workflow could not be told, or is told from a default.
//
//   parameter ─▶ the steps it mentions ─▶ through what is computed or was skipped ─▶ the step at fault

import type { Missing } from '@bookend/contract'
import type { Mention, StepState } from '../expression/scope.ts'
import type { CompiledStep } from './compile-steps.ts'

type Blame = Pick<Missing, 'reason' | 'step'>
type States = Readonly<Record<string, StepState | undefined>>

/** @param told The values as they were evaluated; undefined: it could not be. */
export function createExplainer(
  steps: readonly CompiledStep[],
  mentions: ReadonlyMap<string, readonly Mention[]>,
): (states: States, told: Readonly<Record<string, unknown>>) => readonly Missing[] {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const needs = new Map(
    [...mentions].map(([name, all]) => [
      name,
      all.filter(({ of }) => of === 'output').map(({ step }) => step),
    ]),
  )
  const blame = (names: readonly string[], states: States): Blame | null => {
    for (const name of names) {
      const found = blameStep(name, states)
      if (found !== null) return found
    }
    return null
  }
  const blameStep = (name: string, states: States): Blame | null => {
    const step = byName.get(name)
    const { reason, status } = states[name] ?? {}
    if (reason !== undefined) return { reason, step: name }
    const isSkipped = status === 'skipped'
    if (step === undefined || (step.kind === 'use' && !isSkipped)) return null
    const before = step.waitsFor.filter((each) => !step.tolerates.has(each))
    return blame(before, states) ?? (isSkipped ? { reason: 'skipped', step: name } : null)
  }
  return (states, told) =>
    [...needs].flatMap(([name, names]): Missing[] => {
      const found = blame(names, states)
      // A value that was told although a step was skipped is the author's own way round it.
      const isHandled = found?.reason === 'skipped' && told[name] !== undefined
      return found === null || isHandled ? [] : [{ name, ...found }]
    })
}
