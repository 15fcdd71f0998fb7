// `bookend`: words on the command line to an exit code.

import { CliError } from './cli-error.ts'
import { findCommand, runFound } from './command.ts'
import { root } from './command-tree.ts'
import { processIo, type Io } from './terminal/io.ts'

/** Runs one command; everything it has to say of a fault is said before this resolves. */
export async function main(words: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await runFound(await findCommand(root, 'bookend', words), io)
  } catch (error) {
    const [message = 'failed', ...details] = await explain(error)
    io.complain(`bookend: ${message}`)
    for (const line of details) io.complain(`  ${line}`)
    if ((io.env['DEBUG'] ?? '') !== '' && error instanceof Error) io.complain(error.stack ?? '')
    return 1
  }
}

/** What a mistyped word is told needs nothing of the API. */
async function explain(error: unknown): Promise<string[]> {
  if (error instanceof CliError) return error.lines()
  const { explainError } = await import('./explain-error.ts')
  return explainError(error)
}
