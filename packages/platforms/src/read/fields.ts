// Tolerant readers: what is missing, null or of another type reads as nothing, never as an error.

import type { Json } from '@bookend/contract'
import { parseJsonText } from './json.ts'

export type Fields = { readonly [key: string]: Json }

const idMax = 256
const NONE: Fields = Object.freeze({})

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object, or an empty one. Inherited names such as `constructor` are never fields. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : NONE)

export const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []

/** Text that is not empty. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** An id: text, or a number as text; longer ones than an id can be are none. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const id = value.trim()
  return id === '' || id.length > idMax ? null : id
}

/** A finite number, also one that came as text (`"60"`, `"07"`). */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

export const booleanOf = (value: unknown): boolean | null =>
  typeof value === 'boolean' ? value : null

/** Whole seconds, never negative. */
export function secondsOf(value: unknown): number | null {
  const seconds = numberOf(value)
  return seconds === null ? null : Math.max(0, Math.round(seconds))
}

export const idsOf = (...values: readonly unknown[]): readonly string[] => [
  ...new Set(values.map(idOf).filter((id) => id !== null)),
]

/** Text that holds JSON as the value it holds; other text, and everything else, as it is. */
export function jsonOf(value: Json | undefined): Json {
  if (value === undefined) return null
  if (typeof value !== 'string') return value
  return parseJsonText(value) ?? value
}

/** The object's fields as a plain record; undefined when it is none. */
export function recordOf(value: unknown): Record<string, Json> | undefined {
  if (!isFields(value)) return undefined
  return { ...value }
}
