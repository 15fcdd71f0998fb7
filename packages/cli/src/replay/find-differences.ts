import { isDeepStrictEqual } from 'node:util'

export interface Difference {
  /** Such as `body.plan`; empty for the value itself. */
  readonly path: string
  /** Undefined: it is not there. */
  readonly was: unknown
  readonly now: unknown
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Where two values of JSON differ, as deep as both have the same form. */
export function findDifferences(was: unknown, now: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(was, now)) return []
  if (!isMap(was) || !isMap(now) || Array.isArray(was) !== Array.isArray(now)) {
    return [{ path, was, now }]
  }
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])]
  return names.flatMap((name) =>
    findDifferences(was[name], now[name], path === '' ? name : `${path}.${name}`),
  )
}
