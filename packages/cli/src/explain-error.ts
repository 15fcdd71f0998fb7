import { ApiError } from '@bookend/sdk/client'
import { CliError } from './cli-error.ts'
import { printable } from './terminal/text.ts'

const HINTS: Readonly<Record<string, string>> = {
  unauthenticated: 'The key is not known to this server; see: bookend doctor',
  forbidden: 'Make a key with more scopes: bookend keys create --scope admin',
  no_agent_assigned: 'See which agent answers which number: bookend agents',
  unknown_number: 'See the numbers of this workspace: bookend agents',
}

/** What is said of an error, a line each: what happened, the fields at fault, and a remedy. */
export function explainError(error: unknown): string[] {
  if (error instanceof CliError) return error.lines()
  if (error instanceof ApiError) {
    const { problem, status, code } = error
    if (problem === null) return [`The server answered ${status}, and not as Bookend does`]
    const fields = (problem.errors ?? [])
      // The server's sentence may already be the one field's.
      .filter(({ path, message }) => problem.detail !== `${path} ${message}`)
      .map(({ path, message }) => `${path}: ${message}`)
    const hint = HINTS[code]
    return [
      `${problem.detail} (${status} ${code})`,
      ...fields,
      ...(hint === undefined ? [] : [hint]),
    ].map(printable)
  }
  if (isAddressInUse(error)) {
    return [
      `Port ${error.port} is taken`,
      'Stop what uses it, or choose another: PORT=4500 bookend …',
    ]
  }
  if (error instanceof Error) return error.message.split('\n').map(printable)
  return [printable(String(error))]
}

const isAddressInUse = (error: unknown): error is Error & { port: number } =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
