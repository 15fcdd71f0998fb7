export type QueryValue = string | number | boolean | undefined

/**
 * A URL below the base: segments are encoded one by one, what is undefined is left out.
 *
 * @throws {RangeError} A segment that would climb out of its place (threat D7).
 */
export function renderUrl(
  base: string,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const below = path.map((segment) => `/${encodeSegment(segment)}`).join('')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value))
  }
  const text = search.toString()
  return `${base.replace(/\/+$/, '')}${below}${text === '' ? '' : `?${text}`}`
}

function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new RangeError('A path segment may not be empty, "." or ".."')
  }
  return encodeURIComponent(segment)
}
