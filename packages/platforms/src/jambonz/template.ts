import type { Json } from '@bookend/contract'
import { asText } from '../rules/parameters.ts'

const PLACEHOLDER = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}/g

/**
 * The template with each placeholder in its text replaced. Once: what a value holds is data, also when
 * it looks like a placeholder.
 */
export function fillTemplate(
  template: Json,
  parameters: Readonly<Record<string, Json>>,
  missing: string,
): Json {
  if (typeof template === 'string') {
    return template.replace(PLACEHOLDER, (_, name: string) => {
      const value = Object.hasOwn(parameters, name) ? (parameters[name] ?? null) : null
      return value === null ? missing : asText(value)
    })
  }
  if (Array.isArray(template)) return template.map((one) => fillTemplate(one, parameters, missing))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([key, one]) => [key, fillTemplate(one, parameters, missing)]),
  )
}
