// Merges what is known about a call into its parameters.
//
//   agent default_parameters ◀─ call params ◀─ workflow parameters      shallow, later wins
//
// P3. Only what passes the caps leaves: 64 names, name rule, 2 KB a string, 16 KB in all, depth 8.
//     What is over is dropped by name and reported; nothing else is lost with it.
//     The report has a cap of its own, so that thousands of names make no answer of ours huge (B3).

import type { Json, Missing } from '@bookend/contract'
import { jsonDepth, PARAMETER_NAME } from '@bookend/contract'
import { cleanText } from './clean-text.ts'

export type Parameters = Readonly<Record<string, Json>>

const NAMES_MAX = 64
const STRING_BYTES_MAX = 2_048
const TOTAL_BYTES_MAX = 16_384
const DEPTH_MAX = 8
const REPORTED_MAX = 64

const bytesOf = (text: string): number => Buffer.byteLength(text)

export interface Merged {
  readonly parameters: Parameters
  readonly missing: readonly Missing[]
}

/** Layers in the order of precedence, the weakest first. */
export function mergeParameters(layers: readonly Parameters[]): Merged {
  const values = new Map<string, Json>()
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) values.set(name, value)
  }

  const accepted = new Map<string, Json>()
  const missing: Missing[] = []
  let unreported = 0
  let totalBytes = 0
  for (const [name, raw] of values) {
    const { value, problem } = admit(name, raw)
    const bytes = problem === null ? bytesOf(name) + bytesOf(JSON.stringify(value)) : 0
    const detail =
      problem ??
      (accepted.size >= NAMES_MAX ? `more than ${NAMES_MAX} parameters` : null) ??
      (totalBytes + bytes > TOTAL_BYTES_MAX ? `over ${TOTAL_BYTES_MAX} bytes in all` : null)
    if (detail === null) {
      accepted.set(name, value)
      totalBytes += bytes
    } else if (missing.length < REPORTED_MAX) {
      missing.push({ name: name.slice(0, 64), reason: 'invalid', step: null, detail })
    } else {
      unreported += 1
    }
  }
  if (unreported > 0) {
    const detail = `${unreported} more were dropped`
    missing.push({ name: 'parameters', reason: 'invalid', step: null, detail })
  }
  return { parameters: Object.fromEntries(accepted), missing }
}

function admit(name: string, raw: Json): { value: Json; problem: string | null } {
  if (!PARAMETER_NAME.test(name)) return { value: null, problem: 'not a parameter name' }
  if (jsonDepth(raw) > DEPTH_MAX) return { value: null, problem: `deeper than ${DEPTH_MAX} levels` }
  const value = cleanValue(raw)
  return { value: value ?? null, problem: value === undefined ? unfit(raw) : null }
}

/** The value with every text cleaned; undefined when some part of it cannot be sent. */
function cleanValue(value: Json): Json | undefined {
  if (typeof value === 'string') {
    const cleaned = cleanText(value)
    return bytesOf(cleaned) > STRING_BYTES_MAX ? undefined : cleaned
  }
  if (typeof value === 'number') return isExact(value) ? value : undefined
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map(cleanValue)
    return items.every((item) => item !== undefined) ? items : undefined
  }
  const entries: [string, Json][] = []
  for (const [key, child] of Object.entries(value)) {
    const cleaned = cleanValue(child)
    if (cleaned === undefined || key === '__proto__') return undefined
    entries.push([cleanText(key), cleaned])
  }
  return Object.fromEntries(entries)
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

function unfit(value: Json): string {
  if (typeof value === 'string') return `over ${STRING_BYTES_MAX} bytes`
  if (typeof value === 'number') return 'not a number that JSON can carry exactly'
  return `holds a text over ${STRING_BYTES_MAX} bytes, an inexact number or a forbidden name`
}
