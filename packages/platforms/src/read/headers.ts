import type { RawRequest } from '../adapter.ts'

/** A header by its lower-case name, however it was sent. */
export function headerOf(request: RawRequest, name: string): string | null {
  const direct = request.headers[name]
  if (typeof direct === 'string') return direct
  for (const [key, value] of Object.entries(request.headers)) {
    if (key.length === name.length && key.toLowerCase() === name) return value
  }
  return null
}

/** The credentials after an authentication scheme, whose name has no case. */
export function credentialsOf(header: string | null, scheme: string): string | null {
  const match = /^\s*([A-Za-z]+)\s+(\S.*?)\s*$/.exec(header ?? '')
  return match?.[1]?.toLowerCase() === scheme ? (match[2] ?? null) : null
}
