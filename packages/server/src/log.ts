// Lines for the people who run it: a static message and fields. What may hold a person's data goes
// under `pii`, which is left out unless the level asks for it; no credential is ever a field.

import { pino } from 'pino'

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
export function createLog(level: LogLevel): Log {
  const options = {
    level,
    base: null,
    redact: { paths: ['pii', '*.pii'], remove: true },
    serializers: { err: describeError },
  }
  return pino(options, pino.destination({ fd: 2, sync: false }))
}

/** The message may quote a row or a URL, so only a driver's code and the place leave. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { type: error.name, code, message: error.message.slice(0, 500), stack: error.stack }
}
