import { numberOf } from './fields.ts'

const LATEST_MS = Date.UTC(9999, 11, 31)
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/

/** ISO 8601 UTC with milliseconds, or null for what is no instant. */
export function isoFromMs(value: unknown): string | null {
  const ms = numberOf(value)
  return ms === null || ms <= 0 || ms > LATEST_MS ? null : new Date(ms).toISOString()
}

export function isoFromSeconds(value: unknown): string | null {
  const seconds = numberOf(value)
  return seconds === null ? null : isoFromMs(Math.round(seconds * 1_000))
}

export function isoFromNanoseconds(value: unknown): string | null {
  const ns = numberOf(value)
  return ns === null ? null : isoFromMs(Math.floor(ns / 1e6))
}

/** ISO 8601 or RFC 2822 text; an instant without a zone is meant as UTC. */
export function isoFromText(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 64) return null
  return isoFromMs(Date.parse(WITHOUT_ZONE.test(value) ? `${value.replace(' ', 'T')}Z` : value))
}

/** A number of milliseconds, or text. */
export const isoOf = (value: unknown): string | null => isoFromText(value) ?? isoFromMs(value)

export const addSeconds = (iso: string | null, seconds: number | null): string | null =>
  iso === null || seconds === null ? null : isoFromMs(Date.parse(iso) + seconds * 1_000)

export function secondsBetween(start: string | null, end: string | null): number | null {
  if (start === null || end === null) return null
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(start)) / 1_000))
}
