import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'

export type Json = z.output<ReturnType<typeof z.json>>
type ParsedJson = { readonly ok: true; readonly value: Json } | { readonly ok: false }

const DEPTH_MAX = 16
const BYTE_ORDER_MARK = '\ufeff'

/** Digits enough to be more than a number can hold. */
const LONG_NUMBER = /\d{16}/
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * JSON of another system: at most 16 deep and free of `__proto__`; an empty body is `null`. A whole
 * number that would be rounded comes as text: it is somebody's id.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  if (bytes.byteLength === 0) return { ok: true, value: null }
  if (!isUtf8(bytes)) return { ok: false }
  try {
    const { buffer, byteOffset, byteLength } = bytes
    const text = Buffer.from(buffer, byteOffset, byteLength).toString()
    const value: unknown = parseExact(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)
    return isSafe(value, 1) ? { ok: true, value: value as Json } : { ok: false }
  } catch {
    return { ok: false }
  }
}

function parseExact(text: string): unknown {
  const plain: unknown = JSON.parse(text)
  if (!LONG_NUMBER.test(text)) return plain
  const exact = text.replace(TEXT_OR_NUMBER, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  )
  return JSON.parse(exact)
}

function isSafe(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > DEPTH_MAX || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((item) => isSafe(item, depth + 1))
}
