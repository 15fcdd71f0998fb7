// One PostgreSQL server process, from its launch to its end.

import type { LogFile } from './log-file.ts'
import { explainLaunchError, launch, type Runtime } from './launch.ts'
import { settlesWithin, shutDown } from './shut-down.ts'

export interface ServerProcess {
  readonly pid: number | undefined
  /** Why the process ended, once it has: `exit code 1`, `signal SIGKILL`. */
  readonly exitReason: string | undefined
  /** Resolves when the process has ended, with the reason. */
  readonly exited: Promise<string>
  stop(): Promise<void>
}

/**
 * @param stalePid Left in the data's or the socket's lock file by a server that is known to be gone;
 * the process that has this id now is somebody else's.
 */
export function startServer(
  runtime: Runtime,
  args: readonly string[],
  logFile: LogFile,
  stalePid: number | undefined,
): ServerProcess {
  const { postgres } = runtime.binaries
  const child = launch(runtime, {
    program: [postgres, ...args],
    deathSignal: 'INT',
    output: logFile.handle.fd,
    // PostgreSQL takes a lock file for stale when it names this process; it still checks that no
    // earlier server's shared memory is in use.
    env: stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) },
  })
  let exitReason: string | undefined
  const exited = new Promise<string>((resolve) => {
    const settle = (reason: string): void => resolve((exitReason ??= reason))
    child.once('error', (error) => settle(explainLaunchError(error, postgres).message))
    child.once('exit', (code, signal) => settle(signal ? `signal ${signal}` : `exit code ${code}`))
  })
  // For a process.exit() that skips stop(): the next start would find it, but need not.
  const stopAtExit = (): void => void child.kill('SIGINT')
  process.once('exit', stopAtExit)
  void exited.then(() => process.off('exit', stopAtExit))

  let stopping: Promise<void> | undefined
  return {
    pid: child.pid,
    exited,
    get exitReason() {
      return exitReason
    },
    stop: () => (stopping ??= stopServer()),
  }

  async function stopServer(): Promise<void> {
    if (exitReason !== undefined) return
    const isGone = await shutDown({
      send: (signal) => child.kill(signal),
      goneWithin: (patienceMs) => settlesWithin(exited, patienceMs),
    })
    if (!isGone) throw new Error(`The PostgreSQL server (process ${child.pid}) does not end`)
  }
}
