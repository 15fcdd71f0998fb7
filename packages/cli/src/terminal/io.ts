// What a command has of the world: arguments apart, it reads and writes through this.

import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { createColors } from 'picocolors'
import { listenForKeys } from './keys.ts'

export type Style = ReturnType<typeof createColors>

export interface Io {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Plain where output is not a terminal, or NO_COLOR is set. */
  readonly style: Style
  readonly columns: number
  print(line: string): void
  /** All of standard input, to its end. */
  readInput(): Promise<string>
  /** Part of a line, as it comes. */
  write?(part: string): void
  /** What is typed, line by line, until the input or `signal` ends. */
  readLines?(signal: AbortSignal): AsyncIterable<string>
  /** Hears single keys until it is called off; absent where nobody sits at a terminal. */
  onKey?(listener: (key: string) => void): () => void
  /** To standard error, so that a pipe gets the result alone. */
  complain(line: string): void
}

const COLUMNS_DEFAULT = 80

/** https://no-color.org: any value but the empty one turns colour off; FORCE_COLOR turns it on. */
export function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true
  return isTerminal && env['TERM'] !== 'dumb'
}

export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `bookend runs | head` closes the pipe early, and has what it wanted.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    env,
    cwd: process.cwd(),
    style: createColors(wantsColor(env, stdout.isTTY)),
    columns: stdout.columns ?? (Number(env['COLUMNS']) || COLUMNS_DEFAULT),
    // What `write` answers is no exit code, and commands return what they print.
    print: (line) => void stdout.write(`${line}\n`),
    readInput: () => text(process.stdin),
    write: (part) => void stdout.write(part),
    readLines: (signal) => createInterface({ input: stdin, signal }),
    complain: (line) => void stderr.write(`${line}\n`),
    ...(stdin.isTTY && stdout.isTTY
      ? { onKey: (listener: (key: string) => void) => listenForKeys(stdin, listener) }
      : {}),
  }
}
