import type { Json } from '@bookend/contract'
import { stringify } from 'yaml'

const BRACKETS = { collectionStyle: 'flow', lineWidth: 0 } as const

/** A value as YAML on one line. @param isInFlow Between brackets, where more must be quoted. */
export function renderInline(value: Json, isInFlow: boolean): string {
  if (typeof value === 'object' && value !== null) return stringify(value, BRACKETS).trim()
  // A text of several lines has no plain form; JSON is YAML.
  if (typeof value === 'string' && /[\n\r]/.test(value)) return JSON.stringify(value)
  if (!isInFlow) return stringify(value, { lineWidth: 0 }).trim()
  return stringify([value], BRACKETS).trim().slice(1, -1).trim()
}
