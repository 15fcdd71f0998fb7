// A step of a text as a form shows it. What the form has no field for stays in the text, untouched.

import { parseDocument } from 'yaml'

export interface StepShape {
  /** The names of the map that holds it. */
  readonly path: readonly [section: string, name: string]
  readonly fields: Readonly<Record<string, unknown>>
  /** Local names of connections, with what they stand for. */
  readonly connections: Readonly<Record<string, string>>
  readonly isPreCall: boolean
}

/** Null where the text is no YAML, or has no such step. */
export function readStep(text: string, section: string, name: string): StepShape | null {
  const document = parseDocument(text)
  if (document.errors.length > 0) return null
  const root = asRecord(document.toJS())
  const fields = asRecord(root[section])[name]
  if (fields === undefined) return null
  const connections = Object.entries(asRecord(root['connections'])).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    path: [section, name],
    fields: asRecord(fields),
    connections: Object.fromEntries(connections),
    isPreCall: root['on'] === 'pre-call',
  }
}

export const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
