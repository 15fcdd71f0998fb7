// Untrusted bytes to values. Whoever holds a value from here may store it and hand it on:
//
// R1. No `__proto__` key at any depth, no U+0000, no lone surrogate.
// R2. Never deeper than `depthMax`, so that whatever walks it later may recurse.

import type { Json } from '@bookend/contract'

const depthMax = 64

const LONE_OR_NUL =
  // A control character is the subject of this pattern.
  // oxlint-disable-next-line no-control-regex
  /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Text that PostgreSQL can store; what it cannot becomes U+FFFD. */
export const storableText = (text: string): string => text.replace(LONE_OR_NUL, '\uFFFD')

const utf8 = new TextDecoder('utf-8')

export const decodeText = (body: Uint8Array): string => utf8.decode(body)

/** The body's JSON, made safe; undefined when it is no JSON or nested without end. */
export function parseJsonBody(body: Uint8Array): Json | undefined {
  return parseJsonText(decodeText(body))
}

export function parseJsonText(text: string): Json | undefined {
  let root: Json
  try {
    root = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  if (isDeep(root)) return undefined
  // Only an escape can bring in what a decoded text cannot hold, or hide a name from this search.
  return text.includes('__proto__') || text.includes('\\u') ? safe(root) : root
}

function isDeep(root: Json): boolean {
  if (typeof root !== 'object' || root === null) return false
  let level: Json[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === depthMax) return true
    const next: Json[] = []
    for (const value of level) {
      for (const child of Object.values(value as object) as Json[]) {
        if (typeof child === 'object' && child !== null) next.push(child)
      }
    }
    level = next
  }
  return false
}

function safe(value: Json): Json {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(safe)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__')
  return Object.fromEntries(entries.map(([key, child]) => [storableText(key), safe(child)]))
}
