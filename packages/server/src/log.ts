// Lines for the people who run it: a static message and fields. What may hold a person's data goes
// under `pii`, which is left out; no credential is ever a field.
//
// L1. What stands under the name of a credential is taken out, at any depth, and what looks like one
//     or like a person's number is taken out of every text (threat E8).
// L2. An entry is one line of JSON, whatever is in it (threat E9).

import { redact, scrubText } from '@bookend/core'
import { pino, type DestinationStream } from 'pino'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]
export const isLogLevel = (text: string): text is LogLevel =>
  (LEVELS as readonly string[]).includes(text)

/** JSON lines on standard error; standard output belongs to the facts of the start. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Log {
  const options = {
    level,
    base: null,
    redact: { paths: ['pii', '*.pii'], remove: true },
    serializers: { err: describeError },
    formatters: { log: scrubFields },
  }
  return pino(options, destination)
}

function scrubFields(fields: object): Record<string, unknown> {
  const entries = Object.entries(redact(withoutErrors(fields)) as object)
  return { ...fields, ...Object.fromEntries(entries.map(([name, value]) => [name, scrub(value)])) }
}

/** Errors are described, not walked through. */
const withoutErrors = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !(value instanceof Error)))

function scrub(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(scrub)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, scrub(field)]))
}

/** The message may quote a row or a URL, so only a driver's code and the place leave. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const message = scrubText(error.message).slice(0, 500)
  return { type: error.name, code, message, stack: scrubText(error.stack ?? '') }
}
