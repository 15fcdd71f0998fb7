// Building blocks of the wire. Every text, list and map that a client may send has a cap here or in
// the schema that uses it, so that the database is never the validator (threats E4, fact 12).

import { z } from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
export const WORKFLOW_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/
export const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/
export const EVENT_TYPE = /^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){1,3}$/

const NUL_OR_LONE_SURROGATE =
  // A control character is the subject of this pattern.
  // oxlint-disable-next-line no-control-regex
  /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** Text that PostgreSQL can store: no U+0000 and no lone surrogate; at most `max` UTF-16 units. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !NUL_OR_LONE_SURROGATE.test(value), {
      error: 'must not contain U+0000 or a lone surrogate',
    })

export const uuid = () => z.uuid()
export const instant = () => z.iso.datetime({ offset: true })

const jsonDepthMax = 8

/** Depth of nested arrays and objects, found without recursion (threats fact 9). */
export function jsonDepth(root: unknown): number {
  let depth = 0
  let level: unknown[] = [root]
  while (level.length > 0) {
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      for (const child of Array.isArray(value) ? value : Object.values(value)) next.push(child)
    }
    if (level.some((value) => typeof value === 'object' && value !== null)) depth += 1
    level = next
  }
  return depth
}

function storable(root: unknown): boolean {
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string') {
      if (NUL_OR_LONE_SURROGATE.test(value)) return false
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) return false
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (key === '__proto__' || NUL_OR_LONE_SURROGATE.test(key)) return false
        pending.push(child)
      }
    }
  }
  return true
}

/** What keeps a value from being stored, the cheapest finding first; null when nothing does. */
function findJsonFault(value: unknown, maxBytes: number): string | null {
  // First of all, because everything after it walks the value, and the last one recursively.
  if (jsonDepth(value) > jsonDepthMax) {
    return `must not be nested deeper than ${jsonDepthMax} levels`
  }
  if (!storable(value)) {
    return 'must not contain U+0000, a lone surrogate, __proto__ or Infinity'
  }
  const isTooLarge = utf8.encode(JSON.stringify(value)).length > maxBytes
  return isTooLarge ? `must be at most ${maxBytes} bytes as JSON` : null
}

const utf8 = new TextEncoder()

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A JSON object of at most `maxBytes` as text, at most 8 levels deep, storable as `jsonb`. */
export const jsonObject = (maxBytes: number) =>
  z
    .custom<JsonObject>()
    .superRefine((value, context) => {
      const message = isObject(value) ? findJsonFault(value, maxBytes) : 'must be an object'
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
    .meta({ type: 'object', additionalProperties: true })

/** Any JSON value, with the limits of {@link jsonObject}. */
export const json = (maxBytes: number) =>
  z
    .custom<Json>()
    .superRefine((value, context) => {
      const message = value === undefined ? 'must be a JSON value' : findJsonFault(value, maxBytes)
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
    .meta({})

/** What a list route takes: at most 200 rows a page, and the cursor of the page before. */
export const listQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: text(500).optional(),
}

export const nextCursor = z.string().nullable()
