/**
 * Where `actual` differs from what `expected` gives; null when it does not. Keys that are not given
 * are free, `null` also matches what is absent, lists match in length and order, and text in angle
 * brackets describes a rule instead of a literal.
 */
export function findDifference(actual: unknown, expected: unknown, path = ''): string | null {
  if (typeof expected === 'string' && /^<.*>$/.test(expected)) {
    return typeof actual === 'string' && actual !== '' ? null : `${path}: is not text`
  }
  if (expected === null) return (actual ?? null) === null ? null : differs(path, actual, expected)
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return differs(path, actual, expected)
    }
    for (const [index, one] of expected.entries()) {
      const found = findDifference(actual[index], one, `${path}[${index}]`)
      if (found !== null) return found
    }
    return null
  }
  if (typeof expected === 'object') {
    if (typeof actual !== 'object' || actual === null) return differs(path, actual, expected)
    for (const [key, one] of Object.entries(expected)) {
      const found = findDifference((actual as Record<string, unknown>)[key], one, `${path}.${key}`)
      if (found !== null) return found
    }
    return null
  }
  return Object.is(actual, expected) ? null : differs(path, actual, expected)
}

const differs = (path: string, actual: unknown, expected: unknown): string =>
  `${path}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`
