// Starts a program of PostgreSQL in surroundings that hold nothing but what it needs: the variables
// of whoever started Bookend (PGPORT, PGOPTIONS, a locale) must not change what the database does.

import { spawn, type ChildProcess } from 'node:child_process'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError, errorCode, externalDatabase, glibcNeeded } from './error.ts'
import { commandFor, type RunAs } from './run-as.ts'

/** How PostgreSQL is run here. */
export interface Runtime {
  readonly binaries: Binaries
  readonly runAs: RunAs
}

export interface Launch {
  readonly program: readonly [string, ...string[]]
  /** What the kernel sends it when Bookend dies, where it can. */
  readonly deathSignal: 'INT' | 'KILL'
  /** Where its output goes: a file descriptor, or pipes. */
  readonly output: number | 'pipe'
  readonly env?: Readonly<Record<string, string>>
}

export function launch({ binaries, runAs }: Runtime, options: Launch): ChildProcess {
  const [command, ...args] = commandFor(runAs, options.deathSignal, options.program)
  return spawn(command, args, {
    // Bookend's own folder may be closed to the account.
    cwd: '/',
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      TZ: 'UTC',
      ...binaries.env,
      ...options.env,
    },
    // Ctrl-C in a terminal reaches Bookend, which still needs the database to finish its work.
    detached: true,
    stdio: ['ignore', options.output, options.output],
  })
}

/** What a program that could not even be started means. */
export function explainLaunchError(error: Error, program: string): EmbeddedPostgresError {
  const remedy = errorCode(error) === 'ENOENT' ? glibcNeeded : externalDatabase
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL (${program}) cannot be executed: ${error.message}; ${remedy}`,
    { cause: error },
  )
}
