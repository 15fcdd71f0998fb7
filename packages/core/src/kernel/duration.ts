import { WorkflowError } from './error.ts'

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/

/** A duration as authors write it: `250ms`, `2s`, `4.5s`, `10m`, `4h`, `7d`. */
export type Duration = `${number}${keyof typeof UNIT_MS}`

/**
 * Milliseconds of an authored duration.
 *
 * @throws {WorkflowError} The text is not a duration; the message says what would be.
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = PATTERN.exec(text) ?? []
  if (amount === undefined || unit === undefined) {
    throw new WorkflowError(`"${text}" is not a duration; write it like 250ms, 2s, 10m, 4h or 7d`)
  }
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
