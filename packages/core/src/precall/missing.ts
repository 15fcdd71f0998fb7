import { Missing } from '@bookend/contract'
import { z } from 'zod'

const Told = Missing.extend({ step: z.string().nullable().default(null) })
const ENTRIES_MAX = 64

/**
 * What a workflow could not tell, each thing once: what its function says of a parameter replaces
 * what was found out about that parameter, and about the step it blames.
 */
export function mergeMissing(
  returned: unknown,
  ofSteps: readonly Missing[],
  ofValues: readonly Missing[],
): readonly Missing[] {
  if (returned === undefined) return [...ofSteps, ...ofValues]
  const given: readonly unknown[] = Array.isArray(returned) ? returned.slice(0, ENTRIES_MAX) : []
  const read = given.map((entry) => Told.safeParse(entry))
  const told = read.flatMap(({ data }) => data ?? [])
  const names = new Set(told.map(({ name }) => name))
  const steps = new Set(told.map(({ step }) => step))
  const isRefused = !Array.isArray(returned) || read.some(({ success }) => !success)
  return [
    ...ofSteps.filter(({ step }) => !steps.has(step)),
    ...told,
    ...ofValues.filter(({ name }) => !names.has(name)),
    ...(isRefused ? [REFUSED] : []),
  ]
}

const REFUSED: Missing = {
  name: 'missing',
  reason: 'invalid',
  step: null,
  detail: 'must be a list of { name, reason, step }',
}
