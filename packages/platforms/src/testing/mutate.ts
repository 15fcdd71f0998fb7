import type { Json } from '@bookend/contract'

const STRANGE: readonly Json[] = [
  null,
  0,
  -1.5,
  '',
  ' ',
  'unheard-of',
  true,
  [],
  [null],
  {},
  { a: { b: [] } },
  '9'.repeat(400),
]

/** The value with each of its parts, in turn, taken away or replaced by something strange. */
export function* mutationsOf(root: Json): Generator<Json> {
  for (const path of pathsOf(root)) {
    yield changed(root, path, undefined)
    for (const strange of STRANGE) yield changed(root, path, strange)
  }
}

function* pathsOf(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    yield [...path, key]
    yield* pathsOf(child, [...path, key])
  }
}

function changed(value: Json, [key, ...rest]: readonly string[], to: Json | undefined): Json {
  if (key === undefined || typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([name, child]): [string, Json][] => {
    if (name !== key) return [[name, child]]
    if (rest.length > 0) return [[name, changed(child, rest, to)]]
    return to === undefined ? [] : [[name, to]]
  })
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries)
}
