import type { Json, Missing } from '@bookend/contract'
import type { PreCallWorkflow } from './definition.ts'
import type { Merged } from './merge.ts'

/**
 * Keeps of `returned` what the workflow declares (P3). A value that its schema refuses, or that is
 * not there, is replaced by the fallback of that name alone and reported.
 */
export function declareParameters(
  { parameters: declared, fallback }: Pick<PreCallWorkflow, 'parameters' | 'fallback'>,
  returned: Readonly<Record<string, unknown>>,
): Merged {
  const accepted = new Map<string, Json>()
  const missing: Missing[] = []
  for (const [name, schema] of Object.entries(declared)) {
    const given: unknown = Object.hasOwn(returned, name) ? returned[name] : undefined
    const { success, data, error } = schema.safeParse(given)
    if (success) {
      if (data !== undefined) accepted.set(name, data as Json)
      continue
    }
    const detail = error.issues[0]?.message ?? 'does not match its schema'
    missing.push({ name, reason: 'invalid', step: null, detail })
    const value = Object.hasOwn(fallback, name) ? fallback[name] : undefined
    if (value !== undefined) accepted.set(name, value)
  }
  return { parameters: Object.fromEntries(accepted), missing }
}
