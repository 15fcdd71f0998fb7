// Parameters on the way out: names that every platform takes, values as the platform's types.

import type { Json } from '@bookend/contract'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const OURS = 'bookend_'

export interface Sendable {
  readonly parameters: Readonly<Record<string, Json>>
  readonly dropped: readonly string[]
}

/** @param reserved Prefix of names that the platform keeps for itself. */
export function sendable(
  parameters: Readonly<Record<string, Json>>,
  reserved: string | null = null,
): Sendable {
  const isRefused = (name: string) =>
    !NAME.test(name) ||
    name === '__proto__' ||
    name.startsWith(OURS) ||
    (reserved !== null && name.startsWith(reserved))
  const dropped = Object.keys(parameters).filter(isRefused)
  if (dropped.length === 0) return { parameters, dropped }
  const kept = Object.entries(parameters).filter(([name]) => !isRefused(name))
  return { parameters: Object.fromEntries(kept), dropped }
}

/** The value as text, objects as compact JSON. */
export const asText = (value: Exclude<Json, null>): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** Every value as text; null is no value. */
export function asStrings(parameters: Readonly<Record<string, Json>>): Record<string, string> {
  const given: [string, string][] = []
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) given.push([name, asText(value)])
  }
  return Object.fromEntries(given)
}

/** Values as they are; null is no value. */
export const withoutNulls = (parameters: Readonly<Record<string, Json>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null))
