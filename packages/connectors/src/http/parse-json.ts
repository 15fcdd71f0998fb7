import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'

type Json = z.output<ReturnType<typeof z.json>>
type ParsedJson = { readonly ok: true; readonly value: Json } | { readonly ok: false }

const DEPTH_MAX = 16
const BYTE_ORDER_MARK = '\ufeff'

/** JSON of another system: at most 16 deep and free of `__proto__`; an empty body is `null`. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  if (bytes.byteLength === 0) return { ok: true, value: null }
  if (!isUtf8(bytes)) return { ok: false }
  try {
    const { buffer, byteOffset, byteLength } = bytes
    const text = Buffer.from(buffer, byteOffset, byteLength).toString()
    const value: unknown = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)
    return isSafe(value, 1) ? { ok: true, value: value as Json } : { ok: false }
  } catch {
    return { ok: false }
  }
}

function isSafe(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > DEPTH_MAX || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((item) => isSafe(item, depth + 1))
}
