import { CliError } from '../cli-error.ts'

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const

/** Milliseconds of `500ms`, `90s` or `2m`; a bare number is seconds. */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined) {
    throw new CliError(`${option} is "${text}"; write it like 500ms, 60s or 2m`)
  }
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
