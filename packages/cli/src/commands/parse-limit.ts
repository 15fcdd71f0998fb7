import { CliError } from '../cli-error.ts'

const LIMIT_MAX = 200

export function parseLimit(text: string, option = '--limit'): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit
  throw new CliError(`${option} is "${text}"; it must be a whole number from 1 to ${LIMIT_MAX}`)
}
