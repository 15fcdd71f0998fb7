import { createHash } from 'node:crypto'

/** The value as JSON, if it comes back from there as it was; null for what would not. */
export function toJsonText(value: unknown): string | null {
  try {
    return isJson(value) ? JSON.stringify(value) : null
  } catch {
    // Nested deeper than the stack, or round in a circle, which is the same.
    return null
  }
}

/** Names a question: equal for equal parts, whatever the order of their keys; null: no JSON. */
export function createCacheKey(parts: readonly unknown[]): string | null {
  try {
    if (!isJson(parts)) return null
    const text = JSON.stringify(parts, (_, part: unknown) => sortKeys(part))
    return createHash('sha256').update(text).digest('base64url')
  } catch {
    return null
  }
}

function sortKeys(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
  const entries = Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

/** A key whose value is undefined counts as absent. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object': {
      if (value === null) return true
      if (Array.isArray(value)) return value.every(isJson)
      const prototype: unknown = Object.getPrototypeOf(value)
      const isPlain = prototype === null || prototype === Object.prototype
      if (!isPlain || 'toJSON' in value) return false
      return Object.values(value).every((part) => part === undefined || isJson(part))
    }
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false
  }
}
