// The demo's own services, in a child process that is started again when it ends.
//
//   spawn ─▶ lines, one of them "ready" ─▶ ends ─▶ said, waited for a while, started again
//
// D1. The child's standard input is a pipe it watches: whatever ends this process, SIGKILL included,
//     closes the pipe and ends the child.
// D2. The child leads its own process group, so that Ctrl-C reaches this process alone and the
//     services stay until the server has finished what it is sending them.
// D3. Waits between starts double up to a limit, and begin anew after a good while of running.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface ServicesOptions {
  readonly script: string
  readonly env: NodeJS.ProcessEnv
  /** The line on standard output that says the services answer. */
  readonly readyLine: string
  onLine(line: string): void
  /** @param isFirst False when it is ready again after it had ended. */
  onReady(isFirst: boolean): void
  onEnd(reason: string, againInMs: number): void
  readonly firstWaitMs?: number
}

export interface Services {
  /** Ends them and waits until they have. */
  close(): Promise<void>
}

const WAIT_FIRST_MS = 1_000
const WAIT_MAX_MS = 30_000
const GOOD_WHILE_MS = 60_000
const END_WITHIN_MS = 3_000

export function startServices(options: ServicesOptions): Services {
  const stopped = new AbortController()
  let child: ChildProcess | null = null
  let wasReady = false
  const launch = (): ChildProcess => {
    const started = spawn(process.execPath, [options.script], {
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    // Writing is never tried; the pipe may still say that it broke.
    started.stdin.on('error', () => undefined)
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        options.onLine(line)
        if (line.trim() !== options.readyLine) return
        options.onReady(!wasReady)
        wasReady = true
      })
    }
    return started
  }
  const supervise = async (): Promise<void> => {
    const firstMs = options.firstWaitMs ?? WAIT_FIRST_MS
    let waitMs = firstMs
    while (!stopped.signal.aborted) {
      const startedAt = performance.now()
      child = launch()
      const reason = await endOf(child)
      if (stopped.signal.aborted) return
      if (performance.now() - startedAt > GOOD_WHILE_MS) waitMs = firstMs
      options.onEnd(reason, waitMs)
      await pause(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined)
      waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)
    }
  }
  const supervised = supervise()
  return {
    async close() {
      stopped.abort()
      if (child !== null) await endChild(child)
      await supervised
    },
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return signal === null ? `exit code ${code}` : signal
  } catch (error) {
    return (error as Error).message
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  const isLate = await Promise.race([ended, pause(END_WITHIN_MS, true, { ref: false })])
  if (isLate === true) {
    child.kill('SIGKILL')
    await ended
  }
}
