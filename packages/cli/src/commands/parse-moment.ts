import { CliError } from '../cli-error.ts'

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** What lists of the past take. */
export const sinceArg = {
  type: 'string',
  valueHint: 'age',
  description: 'Only what is not older: 90m, 2h, 3d or an instant',
} as const

/** An age such as `2h`, or an instant, as an instant of the wire. */
export function parseMoment(text: string, option: string): string {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (amount !== undefined) {
    const ageMs = Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
    return new Date(Date.now() - ageMs).toISOString()
  }
  const atMs = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) {
    throw new CliError(`${option} is "${text}"; write it like 90m, 2h, 3d or 2026-03-01T08:00:00Z`)
  }
  return new Date(atMs).toISOString()
}
